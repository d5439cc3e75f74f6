package org.modalimmune.controller;

/**
 * Sums with their rounding errors carried along (Neumaier, "Rundungsfehleranalyse einiger Verfahren
 * zur Summation endlicher Summen", ZAMM 54, 1974).
 */
final class CompensatedSums {
  private final double[] sums;
  private final double[] errors;

  CompensatedSums(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("regret: needs at least one arm, got " + count);
    }
    sums = new double[count];
    errors = new double[count];
  }

  int count() {
    return sums.length;
  }

  void add(int i, double x) {
    double total = sums[i] + x;
    errors[i] += Math.abs(sums[i]) >= Math.abs(x) ? sums[i] - total + x : x - total + sums[i];
    sums[i] = total;
  }

  double sum(int i) {
    return sums[i] + errors[i];
  }

  double largest() {
    double best = sum(0);
    for (int i = 1; i < sums.length; i++) {
      best = Math.max(best, sum(i));
    }
    return best;
  }

  /** The sums, then their errors. */
  double[] values() {
    double[] values = new double[2 * sums.length];
    System.arraycopy(sums, 0, values, 0, sums.length);
    System.arraycopy(errors, 0, values, sums.length, sums.length);
    return values;
  }

  void restore(double[] values) {
    System.arraycopy(values, 0, sums, 0, sums.length);
    System.arraycopy(values, sums.length, errors, 0, sums.length);
  }
}
