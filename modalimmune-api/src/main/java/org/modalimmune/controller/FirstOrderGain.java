package org.modalimmune.controller;

import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;

/**
 * The gain of every modality to first order, from one backward pass:
 *
 * <pre>
 *   g_m = -(dL/dz_m, z_m - z~_m) = L(z~_m in place of z_m) - L + O(|z_m - z~_m|^2)
 * </pre>
 *
 * <p>with z~_m what stands in for a missing modality. Exact where L is linear in z_m; elsewhere a
 * cheap guide, best where z~_m is near z_m. Of a set of modalities it is the sum of theirs: their
 * interactions are of second order.
 *
 * <p>Source: the first term of Taylor's formula, as used to prune units by Molchanov et al.,
 * "Pruning convolutional neural networks for resource efficient inference", ICLR 2017, equation 7.
 */
public final class FirstOrderGain {
  private FirstOrderGain() {}

  /**
   * The gains, one per modality, in units of the loss. Cost: one backward pass and one inner
   * product per modality; what it records on the tape is released.
   *
   * @param loss scalar, computed from the embeddings
   * @param embeddings z_m, tracked on the loss's tape
   * @param replacements z~_m on the same tape, broadcast to z_m: a scalar 0, a mean [1, d] or one
   *     row each [B, d]
   * @throws IllegalArgumentException if the counts differ, an embedding is a constant, a
   *     replacement does not broadcast to its embedding or a gain is NaN or infinite
   */
  public static double[] of(Variable loss, List<Variable> embeddings, List<Variable> replacements) {
    if (embeddings.size() != replacements.size()) {
      throw new IllegalArgumentException(
          "first-order gain: needs one replacement for each of "
              + embeddings.size()
              + " embeddings, got "
              + replacements.size());
    }
    for (int m = 0; m < embeddings.size(); m++) {
      if (!embeddings.get(m).isTracked()) {
        throw new IllegalArgumentException(
            "first-order gain: no gradient flows to embedding "
                + m
                + ", it is a constant; pass the variable that the loss was computed from");
      }
    }
    Tape tape = loss.tape();
    double[] gains = new double[embeddings.size()];
    try (Tape.Frame _ = tape.frame()) {
      List<Variable> gradients = Gradients.of(loss, embeddings);
      for (int m = 0; m < gains.length; m++) {
        gains[m] = gain(m, gradients.get(m), embeddings.get(m), replacements.get(m));
      }
    }
    return gains;
  }

  private static double gain(int modality, Variable gradient, Variable z, Variable replacement) {
    Variable change = Elementwise.subtract(replacement.detach(), z.detach());
    if (!change.shape().equals(z.shape())) {
      throw new IllegalArgumentException(
          "first-order gain: replacement "
              + modality
              + " must broadcast to its embedding "
              + z.shape()
              + ", got "
              + replacement.shape());
    }
    double gain = Reduction.dot(gradient, change).tensor().item();
    if (!Double.isFinite(gain)) {
      throw new IllegalArgumentException(
          "first-order gain: modality "
              + modality
              + " has gain "
              + gain
              + "; look for NaN or an overflow in its embedding, its replacement or the loss");
    }
    return gain;
  }
}
