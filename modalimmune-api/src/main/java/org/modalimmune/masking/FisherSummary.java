package org.modalimmune.masking;

/**
 * The Fisher diagonal of a block, as it was masked by.
 *
 * @param mean its mean, 0 for an empty block
 * @param largest its largest element, 0 for an empty block
 */
public record FisherSummary(double mean, double largest) {
  static FisherSummary of(double[] fisher) {
    double mean = 0;
    double largest = 0;
    for (double f : fisher) {
      mean += f / fisher.length;
      largest = Math.max(largest, f);
    }
    return new FisherSummary(Math.min(mean, largest), largest);
  }
}
