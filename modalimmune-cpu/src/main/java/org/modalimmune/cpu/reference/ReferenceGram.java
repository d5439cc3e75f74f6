package org.modalimmune.cpu.reference;

import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.tensor.Tensor;

/** Products with a centred matrix by plain loops in float64, sums compensated. */
public final class ReferenceGram implements GramKernels {
  /** Has no state. */
  public ReferenceGram() {}

  @Override
  public void columnMoments(Tensor z, Tensor pivot, Tensor moments) {
    View in = View.of(z);
    View p = View.of(pivot);
    View out = View.of(moments);
    long rows = in.dims()[0];
    long columns = in.dims()[1];
    for (long j = 0; j < columns; j++) {
      double centre = p.get(p.offset() + j * p.strides()[0]);
      CompensatedSum sum = new CompensatedSum();
      CompensatedSum squares = new CompensatedSum();
      double least = Double.POSITIVE_INFINITY;
      double largest = Double.NEGATIVE_INFINITY;
      for (long i = 0; i < rows; i++) {
        double x = in.get(in.offset() + i * in.strides()[0] + j * in.strides()[1]);
        double difference = x - centre;
        sum.add(difference);
        squares.add(difference * difference);
        least = Math.min(least, x);
        largest = Math.max(largest, x);
      }
      out.set(out.offset() + j, sum.value());
      out.set(out.offset() + columns + j, squares.value());
      out.set(out.offset() + 2 * columns + j, least);
      out.set(out.offset() + 3 * columns + j, largest);
    }
  }

  @Override
  public void multiply(Tensor z, Tensor columns, Tensor v, Tensor out) {
    forward(new Centred(z, columns), DenseMatrix.of(View.of(v))).store(View.of(out));
  }

  @Override
  public void multiplyTransposed(Tensor z, Tensor columns, Tensor u, Tensor out) {
    backward(new Centred(z, columns), DenseMatrix.of(View.of(u))).store(View.of(out));
  }

  @Override
  public void gram(Tensor z, Tensor columns, Tensor v, Tensor out) {
    Centred a = new Centred(z, columns);
    backward(a, forward(a, DenseMatrix.of(View.of(v)))).store(View.of(out));
  }

  @Override
  public void rowGram(Tensor z, Tensor columns, Tensor u, Tensor out) {
    Centred a = new Centred(z, columns);
    forward(a, backward(a, DenseMatrix.of(View.of(u)))).store(View.of(out));
  }

  @Override
  public void deflate(
      Tensor z, Tensor columns, Tensor v, double share, double factor, Tensor weight, Tensor out) {
    Centred a = new Centred(z, columns);
    View direction = View.of(v);
    View target = View.of(out);
    double scale = factor * View.of(weight).get(weight.offset());
    for (int i = 0; i < a.rows; i++) {
      CompensatedSum sum = new CompensatedSum();
      for (int j = 0; j < a.columns; j++) {
        sum.add(a.get(i, j) * direction.get(direction.offset() + j));
      }
      double along = sum.value();
      for (int j = 0; j < a.columns; j++) {
        double part = share * along * direction.get(direction.offset() + j);
        target.set(target.offset() + (long) i * a.columns + j, scale * (a.get(i, j) - part));
      }
    }
  }

  /** v A'. */
  private static DenseMatrix forward(Centred a, DenseMatrix v) {
    DenseMatrix out = DenseMatrix.zeros(v.rows(), a.rows);
    for (int i = 0; i < a.rows; i++) {
      for (int k = 0; k < v.rows(); k++) {
        CompensatedSum sum = new CompensatedSum();
        for (int j = 0; j < a.columns; j++) {
          sum.add(a.get(i, j) * v.get(k, j));
        }
        out.set(k, i, sum.value());
      }
    }
    return out;
  }

  /** u A. */
  private static DenseMatrix backward(Centred a, DenseMatrix u) {
    DenseMatrix out = DenseMatrix.zeros(u.rows(), a.columns);
    for (int k = 0; k < u.rows(); k++) {
      for (int j = 0; j < a.columns; j++) {
        CompensatedSum sum = new CompensatedSum();
        for (int i = 0; i < a.rows; i++) {
          sum.add(a.get(i, j) * u.get(k, i));
        }
        out.set(k, j, sum.value());
      }
    }
    return out;
  }

  /** The matrix A, element by element. */
  private static final class Centred {
    private final View z;
    private final View affine;
    private final int rows;
    private final int columns;

    Centred(Tensor z, Tensor columns) {
      this.z = View.of(z);
      this.affine = View.of(columns);
      this.rows = Math.toIntExact(z.shape().dim(0));
      this.columns = Math.toIntExact(z.shape().dim(1));
    }

    double get(int i, int j) {
      double x = z.get(z.offset() + i * z.strides()[0] + j * z.strides()[1]);
      long at = affine.offset() + j;
      return x * affine.get(at) + affine.get(at + columns) + affine.get(at + 2L * columns);
    }
  }
}
