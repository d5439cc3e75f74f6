package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.Shape;

/**
 * Interventions (1 - severity) z + severity r, with a replacement r that carries no information
 * about the row beyond what the batch says of all its rows.
 */
public final class Replacement {
  private Replacement() {}

  /**
   * Gaussian noise with the embedding's own column means and standard deviations over the batch,
   * both without gradient.
   */
  public static Intervention gaussian() {
    return (z, severity, key) -> {
      Severity.of(severity);
      Tape tape = z.tape();
      Variable value = z.detach();
      Shape row = Shape.of(1, z.shape().dim(1));
      Variable mean = Reduction.meanTo(value, row);
      Variable variance =
          Reduction.meanTo(Elementwise.square(Elementwise.subtract(value, mean)), row);
      Variable std = Elementwise.unary(UnaryOp.SQRT, variance);
      Variable draws = tape.constant(tape.ops().normal(key, z.dtype(), z.shape()));
      return blend(z, Elementwise.add(mean, Elementwise.multiply(draws, std)), severity);
    };
  }

  /**
   * The embedding of another row of the batch, with its gradient: rows are permuted by one cycle,
   * drawn uniformly among all cycles, so that no row keeps its own (a batch of one row does).
   */
  public static Intervention shuffle() {
    return (z, severity, key) -> {
      Severity.of(severity);
      int[] cycle = new int[Math.toIntExact(z.shape().dim(0))];
      for (int i = 0; i < cycle.length; i++) {
        cycle[i] = i;
      }
      new RandomStream(key).shuffle(cycle);
      int[] rows = new int[cycle.length];
      for (int i = 0; i < cycle.length; i++) {
        rows[cycle[i]] = cycle[(i + 1) % cycle.length];
      }
      return blend(z, Shaping.gatherRows(z, rows), severity);
    };
  }

  /**
   * One fixed embedding for every row, such as the encoder's answer to an input of zeros.
   *
   * @param replacement [1, d] or [B, d], on the embedding's tape
   */
  public static Intervention constant(Variable replacement) {
    return (z, severity, key) -> {
      Severity.of(severity);
      return blend(z, Shaping.expand(replacement, z.shape()), severity);
    };
  }

  /** Zeros for every row, what an absent modality shows to a fusion by sum or concatenation. */
  public static Intervention omission() {
    return (z, severity, key) -> {
      Severity.of(severity);
      Shape one = Shape.of(1, z.shape().dim(1));
      return blend(
          z,
          Shaping.expand(z.tape().constant(z.tape().ops().full(0, z.dtype(), one)), z.shape()),
          severity);
    };
  }

  private static Variable blend(Variable z, Variable replacement, Variable severity) {
    if (Severity.isFixed(severity, 1)) {
      return replacement;
    }
    return Elementwise.add(
        Elementwise.multiply(z, Elementwise.affine(severity, -1, 1)),
        Elementwise.multiply(replacement, severity));
  }
}
