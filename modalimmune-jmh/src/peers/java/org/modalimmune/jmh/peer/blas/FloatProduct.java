package org.modalimmune.jmh.peer.blas;

import org.bytedeco.javacpp.FloatPointer;
import org.modalimmune.jmh.peer.MatmulRival;
import org.modalimmune.jmh.peer.Product;

/** A float32 product on native memory. */
final class FloatProduct implements MatmulRival {
  /** One library's gemm. */
  interface Gemm {
    void multiply(Layout layout, FloatPointer a, FloatPointer b, FloatPointer c);
  }

  private final Layout layout;
  private final Gemm gemm;
  private final FloatPointer a;
  private final FloatPointer b;
  private final FloatPointer c;

  FloatProduct(Product p, Gemm gemm) {
    this.layout = Layout.of(p);
    this.gemm = gemm;
    this.a = new FloatPointer(p.floatA());
    this.b = new FloatPointer(p.floatB());
    this.c = new FloatPointer((long) p.m() * p.n());
  }

  @Override
  public Object multiply() {
    gemm.multiply(layout, a, b, c);
    return c;
  }

  @Override
  public double[] product() {
    float[] values = new float[layout.m() * layout.n()];
    c.get(values);
    double[] widened = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      widened[i] = values[i];
    }
    return widened;
  }

  @Override
  public void close() {
    a.close();
    b.close();
    c.close();
  }
}
