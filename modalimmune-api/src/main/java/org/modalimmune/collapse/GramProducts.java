package org.modalimmune.collapse;

import org.modalimmune.backend.GramOps;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * A Gram matrix that is never formed: each product reads the embedding once. The vectors travel to
 * the device and back, some kilobytes each way, through blocks of the scope's that are made at the
 * first product of their size; the iteration has to look at them after every product anyway.
 */
final class GramProducts implements GramOperator {
  private final Ops ops;
  private final Tensor z;
  private final Tensor affine;
  private final boolean wide;
  private Tensor[] blocks = {};
  private double[] values = {};

  /**
   * @param ops in whose scope the blocks are
   * @param z the embedding [B, d]
   * @param affine how its columns are centred and scaled
   */
  GramProducts(Ops ops, Tensor z, Tensor affine) {
    this.ops = ops;
    this.z = z;
    this.affine = affine;
    this.wide = z.shape().dim(0) < z.shape().dim(1);
  }

  @Override
  public int size() {
    return Math.toIntExact(z.shape().dim(wide ? 0 : 1));
  }

  @Override
  public double unitRoundoff() {
    return z.dtype().unitRoundoff();
  }

  @Override
  public void apply(double[][] vectors, int from, int to, double[][] products) {
    int n = size();
    int k = to - from;
    if (values.length != k * n) {
      Shape shape = Shape.of(k, n);
      values = new double[k * n];
      blocks =
          new Tensor[] {
            ops.scope().allocate(DType.FLOAT64, shape), ops.scope().allocate(DType.FLOAT64, shape)
          };
    }
    for (int j = 0; j < k; j++) {
      System.arraycopy(vectors[from + j], 0, values, j * n, n);
    }
    blocks[0].set(values);
    GramOps gram = ops.gram();
    if (wide) {
      gram.rowGram(z, affine, blocks[0], blocks[1]);
    } else {
      gram.gram(z, affine, blocks[0], blocks[1]);
    }
    double[] result = blocks[1].toDoubleArray();
    for (int j = 0; j < k; j++) {
      System.arraycopy(result, j * n, products[from + j], 0, n);
    }
  }

  /** A x, or A'x if {@code transposed}. */
  double[] multiply(boolean transposed, double[] x) {
    Tensor in = ops.scope().of(DType.FLOAT64, Shape.of(1, x.length), x);
    Shape shape = Shape.of(1, z.shape().dim(transposed ? 1 : 0));
    Tensor out = ops.scope().allocate(DType.FLOAT64, shape);
    if (transposed) {
      ops.gram().multiplyTransposed(z, affine, in, out);
    } else {
      ops.gram().multiply(z, affine, in, out);
    }
    return out.toDoubleArray();
  }
}
