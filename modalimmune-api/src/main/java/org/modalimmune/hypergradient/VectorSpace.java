package org.modalimmune.hypergradient;

/**
 * The vectors that an {@link Iteration} works on, wherever they lie, with the operator's product.
 * Operands are only read, the last one is written.
 */
interface VectorSpace<V> {
  /** A new vector of zeros. */
  V zeros();

  /** {@code y = H x}; spends a product. */
  void product(V x, V y);

  /** {@code y = s x}; y may be x. */
  void scale(double s, V x, V y);

  /** {@code y += s x}. */
  void addScaled(double s, V x, V y);

  /** Inner product. */
  double dot(V x, V y);
}
