package org.modalimmune.hypergradient;

/**
 * Recursion for H q = v. Every term costs one product; with condition number k = upper / lower, the
 * residual falls by a factor e in about the number of terms given.
 */
public enum Method {
  /** q = a sum over j of (I - a H)^j v: k / 2 terms with a = 2 / (lower + upper). */
  NEUMANN,
  /**
   * Chebyshev semi-iteration on [lower, upper]: sqrt(k) / 2 terms (Golub and Varga, "Chebyshev
   * semi-iterative methods", Numer. Math. 3, 1961).
   */
  CHEBYSHEV,
  /**
   * Conjugate gradients: at most sqrt(k) / 2 terms, fewer where eigenvalues cluster (Hestenes and
   * Stiefel, J. Res. Nat. Bur. Standards 49, 1952).
   */
  CONJUGATE_GRADIENT
}
