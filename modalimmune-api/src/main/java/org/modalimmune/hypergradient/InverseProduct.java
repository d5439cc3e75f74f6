package org.modalimmune.hypergradient;

/** An approximation q of H^-1 v with what is known of its error. */
public final class InverseProduct {
  private final double[] solution;
  private final Certificate certificate;

  /** Takes over the array. */
  InverseProduct(double[] solution, Certificate certificate) {
    this.solution = solution;
    this.certificate = certificate;
  }

  /** A copy of q, [n]. */
  public double[] solution() {
    return solution.clone();
  }

  /** What is known of |q - H^-1 v|. */
  public Certificate certificate() {
    return certificate;
  }

  /** Whether the certificate carries a bound. */
  public boolean isCertified() {
    return certificate instanceof Certificate.Bounded;
  }

  @Override
  public String toString() {
    return "q [" + solution.length + "], " + certificate;
  }
}
