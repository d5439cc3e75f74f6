package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Rule;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * An embedding without its column means, times a power of two that brings its largest element to
 * [1, 2), so that squares neither overflow nor vanish.
 *
 * @param matrix A = scale (Z - mean) [B, d], differentiable
 * @param scale the power of two
 * @param constant whether every column is constant, so that A = 0
 */
record CentredEmbedding(Variable matrix, double scale, boolean constant) {
  private static final Rule CENTRE =
      Rule.named("centre", p -> p.add(0, withoutMeans(p.cotangent())));

  static CentredEmbedding of(String measure, Variable z) {
    requireEmbedding(measure, z);
    Ops ops = z.tape().ops();
    double first = powerOfTwo(largest(ops, z.tensor()), z.dtype());
    Variable scaled = Elementwise.scale(z, first);
    Variable centred =
        z.tape().record(centre(ops, scaled.tensor(), z.dtype().unitRoundoff()), CENTRE, scaled);
    double spread = largest(ops, centred.tensor());
    double second = powerOfTwo(spread, z.dtype());
    return new CentredEmbedding(Elementwise.scale(centred, second), first * second, spread == 0);
  }

  /** Checks shape and elements; {@code measure} is for the message. */
  static void requireEmbedding(String measure, Variable z) {
    requireShape(measure, z.shape());
    requireFinite(measure, z.shape(), largest(z.tape().ops(), z.tensor()));
  }

  static void requireShape(String measure, Shape shape) {
    if (shape.rank() != 2 || shape.dim(0) < 2 || shape.dim(1) < 1) {
      throw new IllegalArgumentException(
          measure
              + ": the embedding must be [B, d] with at least 2 rows and 1 column, got "
              + shape
              + "; collapse is a property of a batch, not of one row");
    }
  }

  static void requireFinite(String measure, Shape shape, double largest) {
    if (!Double.isFinite(largest)) {
      throw new IllegalArgumentException(
          measure
              + ": the embedding "
              + shape
              + " holds NaN or infinity; look for an overflow in the encoder that made it");
    }
  }

  private static double largest(Ops ops, Tensor x) {
    return ops.reduceTo(ReduceOp.MAX, ops.unary(UnaryOp.ABS, x), Shape.of()).item();
  }

  /** 2^-floor(log2 x), kept inside the range of the type; 1 for 0. */
  private static double powerOfTwo(double x, DType dtype) {
    if (x == 0) {
      return 1;
    }
    int limit = dtype == DType.FLOAT32 ? Float.MAX_EXPONENT - 1 : Double.MAX_EXPONENT - 1;
    return Math.scalb(1.0, -Math.clamp(Math.getExponent(x), -limit, limit));
  }

  /**
   * Centres twice, since the first mean is rounded, and makes constant columns exactly 0: distinct
   * numbers of magnitude m are at least u m apart, so a column that varies deviates from its mean
   * by at least u m / 2, while the second mean of a constant one leaves O(u^2) m.
   */
  private static Tensor centre(Ops ops, Tensor z, double unitRoundoff) {
    Shape row = Shape.of(1, z.shape().dim(1));
    Tensor centred = withoutMeans(ops, withoutMeans(ops, z));
    Tensor magnitude = ops.reduceTo(ReduceOp.MAX, ops.unary(UnaryOp.ABS, z), row);
    Tensor deviation = ops.reduceTo(ReduceOp.MAX, ops.unary(UnaryOp.ABS, centred), row);
    Tensor varies =
        ops.binary(BinaryOp.GREATER, deviation, ops.affine(magnitude, unitRoundoff / 4, 0));
    return ops.select(varies, centred, ops.full(0, z.dtype(), Shape.of()));
  }

  private static Tensor withoutMeans(Ops ops, Tensor x) {
    Shape row = Shape.of(1, x.shape().dim(1));
    Tensor sums = ops.reduceTo(ReduceOp.SUM, x, row);
    return ops.binary(BinaryOp.SUBTRACT, x, ops.affine(sums, 1.0 / x.shape().dim(0), 0));
  }

  /** Self-adjoint and idempotent, hence its own derivative rule. */
  private static Variable withoutMeans(Variable x) {
    return Elementwise.subtract(x, Reduction.meanTo(x, Shape.of(1, x.shape().dim(1))));
  }
}
