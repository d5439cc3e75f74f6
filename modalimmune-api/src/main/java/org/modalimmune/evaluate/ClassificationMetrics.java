package org.modalimmune.evaluate;

/**
 * How well class probabilities match the labels of one set of samples.
 *
 * @param accuracy share of samples whose most probable class is the label, 0 to 1
 * @param balancedAccuracy mean recall over the classes that occur, 0 to 1
 * @param f1Macro mean F1 over the classes that occur or are predicted, 0 to 1
 * @param crossEntropy mean of {@code -ln max(p(label), }{@value #PROBABILITY_FLOOR}{@code )}, nats
 */
public record ClassificationMetrics(
    double accuracy, double balancedAccuracy, double f1Macro, double crossEntropy) {

  /**
   * The smallest probability whose logarithm is taken: one confident error costs at most 27.7 nats,
   * and the cross-entropy is always finite.
   */
  public static final double PROBABILITY_FLOOR = 1e-12;

  /** How far a row of probabilities may be from summing to one (float32 softmax rounding). */
  public static final double SUM_TOLERANCE = 1e-3;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a rate is outside 0 to 1, or a value is not finite
   */
  public ClassificationMetrics {
    requireRate("accuracy", accuracy);
    requireRate("balanced accuracy", balancedAccuracy);
    requireRate("macro F1", f1Macro);
    if (!(crossEntropy >= 0) || Double.isInfinite(crossEntropy)) {
      throw new IllegalArgumentException(
          "metrics: cross-entropy must be finite and >= 0, got " + crossEntropy);
    }
  }

  /**
   * Computes the metrics. The predicted class is the most probable one; among equals the lowest
   * index.
   *
   * @param probabilities rows x C, row-major; row {@code i} is the distribution of sample {@code i}
   * @param labels true class per sample; at least one sample
   * @param classes number of classes C
   * @return the metrics
   * @throws IllegalArgumentException if the sizes disagree, there are no samples, a label is
   *     outside 0 to C - 1, or a row is not a probability distribution (NaN, negative, or a sum off
   *     by more than {@value #SUM_TOLERANCE})
   */
  public static ClassificationMetrics of(double[] probabilities, int[] labels, int classes) {
    ConfusionMatrix confusion = confusion(probabilities, labels, classes);
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double p = Math.clamp(probabilities[i * classes + labels[i]], PROBABILITY_FLOOR, 1);
      sum += -Math.log(p);
    }
    return new ClassificationMetrics(
        confusion.accuracy(),
        confusion.balancedAccuracy(),
        confusion.f1Macro(),
        sum / labels.length);
  }

  /**
   * The confusion matrix of the most probable classes; arguments and errors as for {@link #of}.
   *
   * @param probabilities rows x C, row-major
   * @param labels true class per sample
   * @param classes number of classes C
   * @return the matrix
   */
  public static ConfusionMatrix confusion(double[] probabilities, int[] labels, int classes) {
    if (probabilities.length != (long) labels.length * classes) {
      throw new IllegalArgumentException(
          "metrics: "
              + labels.length
              + " labels and "
              + classes
              + " classes need "
              + (long) labels.length * classes
              + " probabilities, got "
              + probabilities.length);
    }
    int[] predicted = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      predicted[i] = mostProbable(probabilities, i, classes);
    }
    return ConfusionMatrix.of(predicted, labels, classes);
  }

  private static int mostProbable(double[] probabilities, int row, int classes) {
    int best = 0;
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      double p = probabilities[row * classes + c];
      if (!(p >= 0)) {
        throw new IllegalArgumentException(
            "metrics: the probability of sample " + row + ", class " + c + " is " + p);
      }
      sum += p;
      if (p > probabilities[row * classes + best]) {
        best = c;
      }
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw new IllegalArgumentException(
          "metrics: the probabilities of sample "
              + row
              + " sum to "
              + sum
              + ", not to 1; pass softmax outputs, not logits");
    }
    return best;
  }

  private static void requireRate(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("metrics: " + name + " must be 0 to 1, got " + value);
    }
  }
}
