package org.modalimmune.masking;

/**
 * Exponential average of a Fisher diagonal over batches: with each batch
 *
 * <pre>
 *   a = decay a + (1 - decay) F      w = decay w + (1 - decay)      value = a / w
 * </pre>
 *
 * so that the first batches count fully, also if the decay is changed on the way. Immutable.
 */
public final class FisherAverage {
  private final double[] average;
  private final double weight;

  private FisherAverage(double[] average, double weight) {
    this.average = average;
    this.weight = weight;
  }

  /**
   * What was saved.
   *
   * @param average a [n], finite and not negative
   * @param weight w in (0, 1]
   * @throws IllegalArgumentException if a value is outside its range
   */
  public static FisherAverage of(double[] average, double weight) {
    FisherMask.requireFisher("fisher average", average);
    if (!(weight > 0 && weight <= 1)) {
      throw new IllegalArgumentException(
          "fisher average: the weight must be in (0, 1], got " + weight);
    }
    return new FisherAverage(average.clone(), weight);
  }

  /** One batch with a given decay; F checked by the caller and not changed later. */
  static FisherAverage first(double[] fisher, double decay) {
    return new FisherAverage(new double[fisher.length], 0).with(fisher, decay);
  }

  /** With one more batch; F [n] checked by the caller. */
  FisherAverage with(double[] fisher, double decay) {
    double share = 1 - decay;
    double[] next = new double[fisher.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = Math.min(decay * average[i] + share * fisher[i], Double.MAX_VALUE);
    }
    return new FisherAverage(next, Math.min(decay * weight + share, 1));
  }

  /** n. */
  public int size() {
    return average.length;
  }

  /** a [n], a copy. */
  public double[] average() {
    return average.clone();
  }

  /** w. */
  public double weight() {
    return weight;
  }

  /** The average Fisher diagonal a / w [n]; what rounds beyond the range of float64 is cut off. */
  public double[] value() {
    double[] value = new double[average.length];
    for (int i = 0; i < value.length; i++) {
      value[i] = Math.min(average[i] / weight, Double.MAX_VALUE);
    }
    return value;
  }
}
