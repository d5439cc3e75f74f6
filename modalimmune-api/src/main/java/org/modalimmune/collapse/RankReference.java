package org.modalimmune.collapse;

/**
 * Exponential average of an embedding's rank over clean batches: after n of them
 *
 * <pre>
 *   m = decay m + (1 - decay) r        value = m / (1 - decay^n)
 * </pre>
 *
 * so that the first batches count fully.
 *
 * @param decay from 0, the last batch alone, to below 1
 * @param average m, 0 at the start
 * @param batches n
 */
public record RankReference(double decay, double average, long batches) {
  /** Checks the ranges. */
  public RankReference {
    if (!(decay >= 0 && decay < 1) || !(average >= 0) || batches < 0) {
      throw new IllegalArgumentException(
          "rank reference: needs a decay in [0, 1), an average and a count of at least 0, got "
              + decay
              + ", "
              + average
              + " and "
              + batches);
    }
  }

  /** No batches yet. */
  public static RankReference empty(double decay) {
    return new RankReference(decay, 0, 0);
  }

  /**
   * With one more clean batch.
   *
   * @throws IllegalArgumentException if the rank is below 1 or not finite
   */
  public RankReference with(double rank) {
    if (!(rank >= 1 && rank < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rank reference: a rank must be finite and at least 1, got " + rank);
    }
    return new RankReference(decay, decay * average + (1 - decay) * rank, batches + 1);
  }

  /**
   * The average rank.
   *
   * @throws IllegalStateException if there were no batches
   */
  public double value() {
    if (batches == 0) {
      throw new IllegalStateException(
          "rank reference: no clean batch seen yet; measure one before collapsing");
    }
    return average / (1 - Math.pow(decay, (double) batches));
  }
}
