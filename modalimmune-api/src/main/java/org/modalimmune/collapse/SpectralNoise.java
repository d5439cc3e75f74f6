package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.Tensor;

/**
 * Spectrum-adaptive collapse of inputs: x + a e + b L e', with e and e' standard normal and L L' a
 * covariance, usually that within classes ({@link WithinClassCovariance}). The second term drowns
 * directions in proportion to how much they vary without telling the class.
 */
public final class SpectralNoise {
  private final Tensor factor;

  /**
   * Noise with a given square root of its covariance.
   *
   * @param factor L [n, n]; kept, not copied
   */
  public SpectralNoise(Tensor factor) {
    if (factor.shape().rank() != 2 || factor.shape().dim(0) != factor.shape().dim(1)) {
      throw new IllegalArgumentException(
          "spectral noise: the factor must be square, got " + factor.shape());
    }
    this.factor = factor;
  }

  /**
   * Noise with a given covariance S = V diag(l) V': L = V diag(sqrt(max(l, 0))), which also serves
   * singular covariances.
   *
   * @param ops where the factor goes; its scope must outlive this object
   * @param covariance symmetric [n, n]
   * @throws ArithmeticException if the covariance holds NaN or infinity
   */
  public static SpectralNoise ofCovariance(Ops ops, Tensor covariance) {
    Ops.SymmetricEigen eigen = ops.symmetricEigen(covariance);
    Tensor roots = ops.unary(UnaryOp.SQRT, ops.clamp(eigen.values(), 0, Double.POSITIVE_INFINITY));
    return new SpectralNoise(ops.binary(BinaryOp.MULTIPLY, eigen.vectors(), roots));
  }

  /**
   * {@code x + isotropic e + spectral L e'}, differentiable in all three.
   *
   * @param x [B, n]
   * @param isotropic scalar a, in units of x
   * @param spectral scalar b, no unit
   * @param key names the draws
   */
  public Variable perturb(Variable x, Variable isotropic, Variable spectral, RandomKey key) {
    if (x.shape().rank() != 2 || x.shape().dim(1) != factor.shape().dim(0)) {
      throw new IllegalArgumentException(
          "spectral noise: needs x [B, " + factor.shape().dim(0) + "], got " + x.shape());
    }
    Tape tape = x.tape();
    Variable white = tape.constant(tape.ops().normal(key.fold(0), x.dtype(), x.shape()));
    Tensor draws = tape.ops().normal(key.fold(1), x.dtype(), x.shape());
    Variable shaped = Matrix.matmul(tape.constant(draws), tape.constant(factor.transpose(0, 1)));
    Variable noise =
        Elementwise.add(
            Elementwise.multiply(white, isotropic), Elementwise.multiply(shaped, spectral));
    return Elementwise.add(x, noise);
  }
}
