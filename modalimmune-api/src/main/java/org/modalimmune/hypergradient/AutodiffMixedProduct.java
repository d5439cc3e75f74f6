package org.modalimmune.hypergradient;

import java.util.Arrays;
import java.util.List;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Tensor;

/**
 * The mixed derivative of a recorded inner loss, its m rows differentiated once (a backward walk
 * each) and kept, so that their norms are known: for few meta-parameters.
 */
public final class AutodiffMixedProduct implements MixedProduct {
  private final int n;
  private final double[][] rows;
  private final double[] norms;
  private final double error;

  /**
   * Differentiates the rows. Nothing of the tape is kept.
   *
   * @param loss L_in, a scalar
   * @param theta inner parameters; their elements, in order and row-major, are the columns
   * @param phi meta-parameters; their elements, in order and row-major, are the rows
   * @param relativeRowError bound on |computed - exact row| relative to the exact row's norm; no
   *     bound can be known from the tape alone
   */
  public AutodiffMixedProduct(
      Variable loss, List<Variable> theta, List<Variable> phi, double relativeRowError) {
    if (!(relativeRowError >= 0 && relativeRowError < 1)) {
      throw new IllegalArgumentException(
          "mixed derivative: the relative row error must be from 0 to 1, got " + relativeRowError);
    }
    Tape tape = loss.tape();
    this.n = AutodiffOperators.elements(theta);
    this.rows = new double[AutodiffOperators.elements(phi)][n];
    this.norms = new double[rows.length];
    try (Tape.Frame _ = tape.frame()) {
      int row = 0;
      for (Variable part : Gradients.differentiable(loss, phi)) {
        for (int i = 0; i < part.shape().elements(); i++) {
          differentiate(part, i, theta, rows[row++]);
        }
      }
    }
    for (int i = 0; i < rows.length; i++) {
      NonFiniteInputException.requireFinite("mixed derivative: row " + i, rows[i]);
      norms[i] = RoundingError.upward(RoundingError.normBound(rows[i]) / (1 - relativeRowError), 2);
    }
    // of the rows, and of an inner product with a row that may be longer by as much
    this.error =
        RoundingError.upward(relativeRowError + RoundingError.gamma(n) * (1 + relativeRowError), 3);
  }

  private static void differentiate(Variable part, int i, List<Variable> theta, double[] row) {
    Tape tape = part.tape();
    try (Tape.Frame _ = tape.frame()) {
      double[] unit = new double[Math.toIntExact(part.shape().elements())];
      unit[i] = 1;
      Variable cotangent = tape.constant(tape.scope().of(part.dtype(), part.shape(), unit));
      List<Tensor> derivative =
          Gradients.vjp(part, cotangent, theta).stream().map(Variable::tensor).toList();
      new BlockTransfer(tape.ops(), row.length).read(derivative, row);
    }
  }

  @Override
  public int dimension() {
    return n;
  }

  @Override
  public int metaParameters() {
    return rows.length;
  }

  @Override
  public void apply(double[] q, double[] c) {
    Arrays.setAll(c, i -> Euclidean.dot(rows[i], q));
  }

  @Override
  public double rowNormBound(int i) {
    return norms[i];
  }

  @Override
  public double relativeProductError() {
    return error;
  }
}
