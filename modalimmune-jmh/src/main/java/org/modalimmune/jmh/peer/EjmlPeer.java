package org.modalimmune.jmh.peer;

import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;
import org.modalimmune.tensor.DType;

/** EJML, dense row-major, one thread. */
final class EjmlPeer implements MatmulPeer {
  @Override
  public String name() {
    return "ejml";
  }

  @Override
  public MatmulRival prepare(Product p, int threads) {
    if (threads != 1) {
      throw new IllegalArgumentException(
          "ejml: its dense products have one thread, got " + threads);
    }
    return p.dtype() == DType.FLOAT32 ? floats(p) : doubles(p);
  }

  private static MatmulRival floats(Product p) {
    FMatrixRMaj a =
        FMatrixRMaj.wrap(
            rows(p.transposedA(), p.m(), p.k()), rows(p.transposedA(), p.k(), p.m()), p.floatA());
    FMatrixRMaj b =
        FMatrixRMaj.wrap(
            rows(p.transposedB(), p.k(), p.n()), rows(p.transposedB(), p.n(), p.k()), p.floatB());
    FMatrixRMaj c = new FMatrixRMaj(p.m(), p.n());
    return new MatmulRival() {
      @Override
      public Object multiply() {
        if (p.transposedA()) {
          return p.transposedB()
              ? CommonOps_FDRM.multTransAB(a, b, c)
              : CommonOps_FDRM.multTransA(a, b, c);
        }
        return p.transposedB() ? CommonOps_FDRM.multTransB(a, b, c) : CommonOps_FDRM.mult(a, b, c);
      }

      @Override
      public double[] product() {
        double[] values = new double[c.data.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = c.data[i];
        }
        return values;
      }

      @Override
      public void close() {}
    };
  }

  private static MatmulRival doubles(Product p) {
    DMatrixRMaj a =
        DMatrixRMaj.wrap(
            rows(p.transposedA(), p.m(), p.k()), rows(p.transposedA(), p.k(), p.m()), p.a());
    DMatrixRMaj b =
        DMatrixRMaj.wrap(
            rows(p.transposedB(), p.k(), p.n()), rows(p.transposedB(), p.n(), p.k()), p.b());
    DMatrixRMaj c = new DMatrixRMaj(p.m(), p.n());
    return new MatmulRival() {
      @Override
      public Object multiply() {
        if (p.transposedA()) {
          return p.transposedB()
              ? CommonOps_DDRM.multTransAB(a, b, c)
              : CommonOps_DDRM.multTransA(a, b, c);
        }
        return p.transposedB() ? CommonOps_DDRM.multTransB(a, b, c) : CommonOps_DDRM.mult(a, b, c);
      }

      @Override
      public double[] product() {
        return c.data.clone();
      }

      @Override
      public void close() {}
    };
  }

  /** Rows as stored of a matrix that has {@code plain} rows. */
  private static int rows(boolean transposed, int plain, int other) {
    return transposed ? other : plain;
  }
}
