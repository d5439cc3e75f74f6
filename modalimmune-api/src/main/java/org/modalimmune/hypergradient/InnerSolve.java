package org.modalimmune.hypergradient;

/** How well the inner problem is solved at the point where the derivatives are taken. */
public sealed interface InnerSolve {
  /** The point is the inner solution: d_theta L_in = 0 there, or it is taken as the definition. */
  record Exact() implements InnerSolve {}

  /**
   * The inner gradient is not zero, and how fast the derivatives change is not known: the error
   * that this causes is not covered by any bound.
   *
   * @param gradientNorm |d_theta L_in|
   */
  record Unbounded(double gradientNorm) implements InnerSolve {
    /** Refuses a norm that is negative or not finite. */
    public Unbounded {
      require(gradientNorm);
    }
  }

  /**
   * The inner gradient is not zero, and its effect can be bounded.
   *
   * @param gradientNorm at least |d_theta L_in|
   * @param constants how fast the derivatives change
   */
  record Bounded(double gradientNorm, LipschitzConstants constants) implements InnerSolve {
    /** Refuses a norm that is negative or not finite. */
    public Bounded {
      require(gradientNorm);
    }
  }

  /** Whether the bounds of a hyper-gradient take in the error of the inner solution. */
  enum Coverage {
    /** There is none. */
    EXACT,
    /** They do. */
    COVERED,
    /**
     * They do not: the constants are not known, or the inner gradient is so large that no solution
     * need exist nearby. They bound the distance to the formula's value at the given point.
     */
    NOT_COVERED
  }

  private static void require(double norm) {
    if (!(norm >= 0 && norm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "inner solve: the gradient's norm must be finite and not negative, got " + norm);
    }
  }
}
