package org.modalimmune.backend;

import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Checked products with a matrix A that is centred and scaled on the way ({@link GramKernels}).
 * Those that an iteration repeats write to a tensor of the caller's.
 */
public final class GramOps {
  private final GramKernels kernels;
  private final Scope scope;
  private final OperandChecks checks;

  GramOps(GramKernels kernels, Scope scope, OperandChecks checks) {
    this.kernels = kernels;
    this.scope = scope;
    this.checks = checks;
  }

  /**
   * Float64 [4, d]: per column the sums of z - pivot and of its square, the smallest and the
   * largest element.
   *
   * @param z [B, d]
   * @param pivot [d]
   */
  public Tensor columnMoments(Tensor z, Tensor pivot) {
    checks.alike("columnMoments", z, pivot);
    long d = matrix("columnMoments", z);
    if (!pivot.shape().equals(Shape.of(d))) {
      throw new IllegalArgumentException(
          "columnMoments: " + z.shape() + " needs a pivot [" + d + "], got " + pivot.shape());
    }
    Tensor moments = scope.allocate(DType.FLOAT64, Shape.of(4, d));
    kernels.columnMoments(z, pivot, moments);
    return moments;
  }

  /** In place: {@code out = v A'}, v [k, d], out [k, B]. */
  public void multiply(Tensor z, Tensor columns, Tensor v, Tensor out) {
    long d = affine("multiply", z, columns);
    block("multiply", v, d, out, z.shape().dim(0));
    kernels.multiply(z, columns, v, out);
  }

  /** In place: {@code out = u A}, u [k, B], out [k, d]. */
  public void multiplyTransposed(Tensor z, Tensor columns, Tensor u, Tensor out) {
    long d = affine("multiplyTransposed", z, columns);
    block("multiplyTransposed", u, z.shape().dim(0), out, d);
    kernels.multiplyTransposed(z, columns, u, out);
  }

  /** In place: {@code out = v A'A}, v and out [k, d]. */
  public void gram(Tensor z, Tensor columns, Tensor v, Tensor out) {
    long d = affine("gram", z, columns);
    block("gram", v, d, out, d);
    kernels.gram(z, columns, v, out);
  }

  /** In place: {@code out = u A A'}, u and out [k, B]. */
  public void rowGram(Tensor z, Tensor columns, Tensor u, Tensor out) {
    affine("rowGram", z, columns);
    block("rowGram", u, z.shape().dim(0), out, z.shape().dim(0));
    kernels.rowGram(z, columns, u, out);
  }

  /**
   * {@code factor weight (A - share (A v) v')}, [B, d].
   *
   * @param v float64 [d]
   * @param weight scalar of z's type
   */
  public Tensor deflate(
      Tensor z, Tensor columns, Tensor v, double share, double factor, Tensor weight) {
    long d = affine("deflate", z, columns);
    checks.alike("deflate", z, weight);
    checks.own("deflate", v);
    if (v.dtype() != DType.FLOAT64
        || !v.shape().equals(Shape.of(d))
        || !v.isContiguous()
        || weight.elements() != 1) {
      throw new IllegalArgumentException(
          "deflate: "
              + z.shape()
              + " needs v FLOAT64["
              + d
              + "] and a scalar weight, got "
              + v.dtype()
              + v.shape()
              + " and "
              + weight.shape());
    }
    Tensor out = scope.allocate(z.dtype(), z.shape());
    kernels.deflate(z, columns, v, share, factor, weight, out);
    return out;
  }

  private static long matrix(String op, Tensor z) {
    if (z.shape().rank() != 2 || z.elements() == 0) {
      throw new IllegalArgumentException(
          op + ": needs a matrix of at least one row and one column, got " + z.shape());
    }
    return z.shape().dim(1);
  }

  private long affine(String op, Tensor z, Tensor columns) {
    checks.alike(op, z, columns);
    long d = matrix(op, z);
    if (!columns.shape().equals(Shape.of(3, d)) || !columns.isContiguous()) {
      throw new IllegalArgumentException(
          op
              + ": "
              + z.shape()
              + " needs contiguous columns [3, "
              + d
              + "] (scale, shift, rest), got "
              + columns.shape());
    }
    return d;
  }

  private void block(String op, Tensor in, long inLength, Tensor out, long outLength) {
    checks.alike(op, in, out);
    long k = in.shape().rank() == 2 ? in.shape().dim(0) : 0;
    if (in.dtype() != DType.FLOAT64
        || k < 1
        || k > GramKernels.LARGEST_BLOCK
        || !in.shape().equals(Shape.of(k, inLength))
        || !out.shape().equals(Shape.of(k, outLength))
        || !in.isContiguous()
        || !out.isContiguous()) {
      throw new IllegalArgumentException(
          op
              + ": needs contiguous float64 blocks [k, "
              + inLength
              + "] to [k, "
              + outLength
              + "] with k from 1 to "
              + GramKernels.LARGEST_BLOCK
              + ", got "
              + in.dtype()
              + in.shape()
              + " to "
              + out.dtype()
              + out.shape());
    }
    OperandChecks.disjoint(op, out, in);
  }
}
