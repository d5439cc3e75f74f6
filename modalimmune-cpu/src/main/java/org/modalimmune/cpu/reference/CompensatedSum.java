package org.modalimmune.cpu.reference;

/**
 * Sum with an error term (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation
 * endlicher Summen", ZAMM 54, 1974): as if summed in twice the precision and rounded once.
 */
final class CompensatedSum {
  private double sum;
  private double correction;

  void add(double x) {
    double next = sum + x;
    correction += Math.abs(sum) >= Math.abs(x) ? (sum - next) + x : (x - next) + sum;
    sum = next;
  }

  double value() {
    // an infinite sum has no error term: inf - inf would turn it into NaN
    return Double.isFinite(sum) ? sum + correction : sum;
  }
}
