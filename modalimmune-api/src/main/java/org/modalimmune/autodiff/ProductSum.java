package org.modalimmune.autodiff;

/** Sum of products and of their magnitudes: a value and the scale of its rounding error. */
final class ProductSum {
  private double total;
  private double magnitude;

  void add(double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      double product = a[i] * b[i];
      total += product;
      magnitude += Math.abs(product);
    }
  }

  double total() {
    return total;
  }

  double magnitude() {
    return magnitude;
  }
}
