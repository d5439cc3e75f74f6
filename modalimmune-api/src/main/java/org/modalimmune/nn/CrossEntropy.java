package org.modalimmune.nn;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;

/**
 * Cross-entropy of a softmax, in nats. With logits x [B, C] and log q = logSoftmax(x), row i loses
 * {@code -log q[i, y_i]} for a class y_i, or {@code -sum_c p[i, c] log q[i, c]} for a distribution
 * p. Logits must be finite: -infinity is a legal logit of {@link Normalization#logSoftmax} but
 * makes an infinite loss, or NaN where p is 0.
 */
public final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * The loss of each row, [B].
   *
   * @param logits [B, C]
   * @param labels B classes in 0 .. C - 1
   */
  public static Variable perRow(Variable logits, int[] labels) {
    requireLogits(logits);
    long rows = logits.shape().dim(0);
    int classes = Math.toIntExact(logits.shape().dim(1));
    if (labels.length != rows) {
      throw new IllegalArgumentException(
          "crossEntropy: needs one label per row of " + logits.shape() + ", got " + labels.length);
    }
    int[] position = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "crossEntropy: the label of row "
                + i
                + " must be in 0 .. "
                + (classes - 1)
                + ", got "
                + labels[i]);
      }
      position[i] = Math.addExact(Math.multiplyExact(i, classes), labels[i]);
    }
    Variable logs = Normalization.logSoftmax(logits);
    Variable flat = Shaping.reshape(logs, Shape.of(rows * classes));
    return Elementwise.negate(Shaping.gatherRows(flat, position));
  }

  /**
   * The loss of each row, [B].
   *
   * @param logits [B, C]
   * @param target [B, C], each row non-negative with sum 1; gradients flow to it too, {@link
   *     Variable#detach} it to stop them
   */
  public static Variable perRow(Variable logits, Variable target) {
    requireLogits(logits);
    Sizes.requireShape("crossEntropy", "the target distribution", target, logits.shape());
    Variable products = Elementwise.multiply(target, Normalization.logSoftmax(logits));
    return Elementwise.negate(Reduction.sum(products, 1));
  }

  /**
   * Mean over the rows, a scalar.
   *
   * @throws IllegalArgumentException if there are no rows
   */
  public static Variable mean(Variable logits, int[] labels) {
    return Reduction.mean(perRow(logits, labels));
  }

  /** Mean over the rows, a scalar, against a distribution per row. */
  public static Variable mean(Variable logits, Variable target) {
    return Reduction.mean(perRow(logits, target));
  }

  /**
   * Weighted mean over the rows, {@code sum w_i loss_i / sum w_i}.
   *
   * @param weights one per row, finite, not negative, not all zero
   */
  public static Variable mean(Variable logits, int[] labels, double[] weights) {
    return weighted(perRow(logits, labels), weights);
  }

  /** Weighted mean over the rows against a distribution per row. */
  public static Variable mean(Variable logits, Variable target, double[] weights) {
    return weighted(perRow(logits, target), weights);
  }

  private static Variable weighted(Variable losses, double[] weights) {
    if (weights.length != losses.shape().dim(0)) {
      throw new IllegalArgumentException(
          "crossEntropy: needs one weight per row of "
              + losses.shape()
              + ", got "
              + weights.length);
    }
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "crossEntropy: the weight of row "
                + i
                + " must be finite and not negative, got "
                + weights[i]);
      }
      total += weights[i];
    }
    if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "crossEntropy: the weights must have a positive, finite sum, got " + total);
    }
    double[] shares = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      shares[i] = weights[i] / total;
    }
    Tape tape = losses.tape();
    return Reduction.dot(
        losses, tape.constant(tape.scope().of(losses.dtype(), losses.shape(), shares)));
  }

  private static void requireLogits(Variable logits) {
    if (logits.shape().rank() != 2 || logits.shape().dim(1) == 0) {
      throw new IllegalArgumentException(
          "crossEntropy: needs logits [rows, classes], got " + logits.shape());
    }
  }
}
