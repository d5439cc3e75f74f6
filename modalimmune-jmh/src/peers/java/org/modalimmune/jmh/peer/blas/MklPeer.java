package org.modalimmune.jmh.peer.blas;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;
import org.modalimmune.jmh.peer.MatmulPeer;
import org.modalimmune.jmh.peer.MatmulRival;
import org.modalimmune.jmh.peer.Product;
import org.modalimmune.tensor.DType;

/** Intel oneMKL, with as many threads as asked for, whatever the environment says. */
public final class MklPeer implements MatmulPeer {
  /** For the ServiceLoader. */
  public MklPeer() {}

  @Override
  public String name() {
    return "mkl";
  }

  @Override
  public MatmulRival prepare(Product p, int threads) {
    mkl_rt.MKL_Set_Dynamic(0);
    mkl_rt.MKL_Set_Num_Threads(threads);
    return p.dtype() == DType.FLOAT32
        ? new FloatProduct(p, MklPeer::multiply)
        : new DoubleProduct(p, MklPeer::multiply);
  }

  private static void multiply(Layout l, FloatPointer a, FloatPointer b, FloatPointer c) {
    mkl_rt.cblas_sgemm(
        mkl_rt.CblasRowMajor,
        l.transposedA() ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans,
        l.transposedB() ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans,
        l.m(),
        l.n(),
        l.k(),
        1,
        a,
        l.leadingA(),
        b,
        l.leadingB(),
        0,
        c,
        l.n());
  }

  private static void multiply(Layout l, DoublePointer a, DoublePointer b, DoublePointer c) {
    mkl_rt.cblas_dgemm(
        mkl_rt.CblasRowMajor,
        l.transposedA() ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans,
        l.transposedB() ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans,
        l.m(),
        l.n(),
        l.k(),
        1,
        a,
        l.leadingA(),
        b,
        l.leadingB(),
        0,
        c,
        l.n());
  }
}
