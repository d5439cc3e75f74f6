package org.modalimmune.collapse;

/**
 * What the ways to the leading pair of a Gram matrix M cost, by the shape of A [B, d] alone; {@code
 * spec/collapse.md} says where the terms come from. Times are nanoseconds of one core; only their
 * ratios matter.
 *
 * @param length max(B, d)
 * @param order n = min(B, d), the order of M
 */
record GramCosts(double length, double order) {
  /** A way to the leading pair. */
  enum Way {
    /** Form M and find its leading pairs as a whole. */
    DECOMPOSE,
    /** Form M and iterate with it. */
    FORM,
    /** Iterate with products with A. */
    MULTIPLY
  }

  /** Products of an iteration: the middle of fast, usual and slow spectra. */
  private static final double EXPECTED = 36;

  /** Order up to which M is formed; as a matrix on the host, larger ones leave the caches. */
  private static final double LARGEST = 1024;

  /**
   * Times the cost of forming M that are spent on products with A before it is formed after all.
   */
  private static final double LATE = 3;

  static GramCosts of(long rows, long columns) {
    return new GramCosts(Math.max(rows, columns), Math.min(rows, columns));
  }

  /** The way that is expected to cost least. */
  Way best() {
    if (order > LARGEST) {
      return Way.MULTIPLY;
    }
    double whole = forming() + decomposition();
    double formed = forming() + EXPECTED * (step() + formedProduct());
    double multiplied = EXPECTED * (step() + product());
    if (whole <= Math.min(formed, multiplied)) {
      return Way.DECOMPOSE;
    }
    return formed < multiplied ? Way.FORM : Way.MULTIPLY;
  }

  /** Number of products with A after which M is formed all the same; without end if too large. */
  long patience() {
    return order > LARGEST ? Long.MAX_VALUE : (long) (LATE * forming() / (step() + product()));
  }

  /** Centred rows, and their inner products. */
  private double forming() {
    return 5000 + length * (20 + 0.95 * order + 0.0185 * order * order);
  }

  /** Reflections and counts on the host. */
  private double decomposition() {
    return 500 * order + 0.14 * order * order * order;
  }

  /** What the host does beside a product: orthogonalisation, tests for convergence. */
  private double step() {
    return 1000 + 40 * order;
  }

  private double product() {
    return 1500 + length * (13 + 0.1 * order);
  }

  private double formedProduct() {
    return 0.12 * order * order;
  }
}
