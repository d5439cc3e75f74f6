package org.modalimmune.jmh.peer.blas;

import org.bytedeco.javacpp.DoublePointer;
import org.modalimmune.jmh.peer.MatmulRival;
import org.modalimmune.jmh.peer.Product;

/** A float64 product on native memory. */
final class DoubleProduct implements MatmulRival {
  /** One library's gemm. */
  interface Gemm {
    void multiply(Layout layout, DoublePointer a, DoublePointer b, DoublePointer c);
  }

  private final Layout layout;
  private final Gemm gemm;
  private final DoublePointer a;
  private final DoublePointer b;
  private final DoublePointer c;

  DoubleProduct(Product p, Gemm gemm) {
    this.layout = Layout.of(p);
    this.gemm = gemm;
    this.a = new DoublePointer(p.a());
    this.b = new DoublePointer(p.b());
    this.c = new DoublePointer((long) p.m() * p.n());
  }

  @Override
  public Object multiply() {
    gemm.multiply(layout, a, b, c);
    return c;
  }

  @Override
  public double[] product() {
    double[] values = new double[layout.m() * layout.n()];
    c.get(values);
    return values;
  }

  @Override
  public void close() {
    a.close();
    b.close();
    c.close();
  }
}
