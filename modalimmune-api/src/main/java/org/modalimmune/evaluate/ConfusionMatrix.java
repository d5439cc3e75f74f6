package org.modalimmune.evaluate;

import java.util.Arrays;
import java.util.Objects;

/**
 * Counts of (true class, predicted class) over a set of samples, and the rates read off it.
 *
 * <p>A class that never occurs has no recall, a class that neither occurs nor is predicted has no
 * F1: such classes are left out of the means below, never counted as 0 or 1.
 */
public final class ConfusionMatrix {

  private final int classes;
  private final long[] counts;
  private final long total;

  private ConfusionMatrix(int classes, long[] counts) {
    this.classes = classes;
    this.counts = counts;
    this.total = Arrays.stream(counts).sum();
  }

  /**
   * Counts predictions against labels.
   *
   * @param predicted predicted class per sample
   * @param labels true class per sample
   * @param classes number of classes C, at least 1
   * @return the C x C matrix
   * @throws IllegalArgumentException if the arrays are empty, differ in length, or hold a class
   *     outside 0 to C - 1
   */
  public static ConfusionMatrix of(int[] predicted, int[] labels, int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("confusion matrix: classes must be >= 1, got " + classes);
    }
    if (labels.length == 0) {
      throw new IllegalArgumentException(
          "confusion matrix: no samples; is the evaluated split empty?");
    }
    if (predicted.length != labels.length) {
      throw new IllegalArgumentException(
          "confusion matrix: "
              + predicted.length
              + " predictions for "
              + labels.length
              + " labels; one each is needed");
    }
    long[] counts = new long[Math.multiplyExact(classes, classes)];
    for (int i = 0; i < labels.length; i++) {
      requireClass("label", labels[i], i, classes);
      requireClass("prediction", predicted[i], i, classes);
      counts[labels[i] * classes + predicted[i]]++;
    }
    return new ConfusionMatrix(classes, counts);
  }

  private static void requireClass(String what, int value, int sample, int classes) {
    if (value < 0 || value >= classes) {
      throw new IllegalArgumentException(
          "confusion matrix: "
              + what
              + " "
              + value
              + " of sample "
              + sample
              + " is outside 0 to "
              + (classes - 1));
    }
  }

  /**
   * The number of classes.
   *
   * @return C
   */
  public int classes() {
    return classes;
  }

  /**
   * How many samples of one class were predicted as another.
   *
   * @param label true class
   * @param predicted predicted class
   * @return the count
   */
  public long count(int label, int predicted) {
    return counts[
        Objects.checkIndex(label, classes) * classes + Objects.checkIndex(predicted, classes)];
  }

  /**
   * The share of samples predicted correctly.
   *
   * @return 0 to 1
   */
  public double accuracy() {
    long correct = 0;
    for (int c = 0; c < classes; c++) {
      correct += count(c, c);
    }
    return (double) correct / total;
  }

  /**
   * Balanced accuracy: the mean, over the classes that occur, of the recall (correct of a class /
   * samples of the class).
   *
   * @return 0 to 1
   */
  public double balancedAccuracy() {
    double sum = 0;
    int occurring = 0;
    for (int c = 0; c < classes; c++) {
      long samples = rowSum(c);
      if (samples > 0) {
        sum += (double) count(c, c) / samples;
        occurring++;
      }
    }
    return sum / occurring;
  }

  /**
   * Macro F1: the mean of 2 TP / (2 TP + FP + FN) over the classes that occur or are predicted. A
   * class that is predicted but never occurs counts 0.
   *
   * @return 0 to 1
   */
  public double f1Macro() {
    double sum = 0;
    int defined = 0;
    for (int c = 0; c < classes; c++) {
      long denominator = rowSum(c) + columnSum(c);
      if (denominator > 0) {
        sum += 2.0 * count(c, c) / denominator;
        defined++;
      }
    }
    return sum / defined;
  }

  private long rowSum(int label) {
    long sum = 0;
    for (int p = 0; p < classes; p++) {
      sum += counts[label * classes + p];
    }
    return sum;
  }

  private long columnSum(int predicted) {
    long sum = 0;
    for (int l = 0; l < classes; l++) {
      sum += counts[l * classes + predicted];
    }
    return sum;
  }
}
