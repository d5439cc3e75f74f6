package org.modalimmune.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's step-down correction (Holm 1979): with the p-values sorted ascending, p(1) to p(m), the
 * corrected value of p(k) is max over j <= k of min(1, (m - j + 1) p(j)). Rejecting where it is at
 * most alpha keeps the chance of any false rejection in the family at alpha or below, whatever the
 * dependence between the tests.
 */
public final class HolmCorrection {

  private HolmCorrection() {}

  /**
   * Corrects a family of p-values.
   *
   * @param p the p-values, each 0 to 1; may be empty
   * @return the corrected values in the same order, each at least its p-value
   * @throws IllegalArgumentException if a value is outside 0 to 1
   */
  public static double[] adjust(double... p) {
    for (int i = 0; i < p.length; i++) {
      if (!(p[i] >= 0 && p[i] <= 1)) {
        throw new IllegalArgumentException("Holm: p-value " + i + " is " + p[i] + ", not 0 to 1");
      }
    }
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[p.length];
    double running = 0;
    for (int k = 0; k < order.length; k++) {
      running = Math.max(running, Math.min(1, (p.length - k) * p[order[k]]));
      adjusted[order[k]] = running;
    }
    return adjusted;
  }
}
