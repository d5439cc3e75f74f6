package org.modalimmune.jmh.peer;

/** One library, ready to compute one product again and again. */
public interface MatmulRival extends AutoCloseable {
  /** Computes the product and returns what holds it. */
  Object multiply();

  /** The last product, row-major. */
  double[] product();

  @Override
  void close();
}
