package org.modalimmune.jmh.peer.blas;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.modalimmune.jmh.peer.MatmulPeer;
import org.modalimmune.jmh.peer.MatmulRival;
import org.modalimmune.jmh.peer.Product;
import org.modalimmune.tensor.DType;

/** OpenBLAS, with as many threads as asked for, whatever the environment says. */
public final class OpenBlasPeer implements MatmulPeer {
  /** For the ServiceLoader. */
  public OpenBlasPeer() {}

  @Override
  public String name() {
    return "openblas";
  }

  @Override
  public MatmulRival prepare(Product p, int threads) {
    org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(threads);
    return p.dtype() == DType.FLOAT32
        ? new FloatProduct(p, OpenBlasPeer::multiply)
        : new DoubleProduct(p, OpenBlasPeer::multiply);
  }

  private static void multiply(Layout l, FloatPointer a, FloatPointer b, FloatPointer c) {
    openblas_nolapack.cblas_sgemm(
        openblas_nolapack.CblasRowMajor,
        l.transposedA() ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
        l.transposedB() ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
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
    openblas_nolapack.cblas_dgemm(
        openblas_nolapack.CblasRowMajor,
        l.transposedA() ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
        l.transposedB() ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
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
