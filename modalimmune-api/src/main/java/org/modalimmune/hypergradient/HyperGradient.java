package org.modalimmune.hypergradient;

import java.util.Optional;

/** A hyper-gradient with what is known of the error of each component. */
public final class HyperGradient {
  private final double[] value;
  private final Optional<double[]> bounds;
  private final InnerSolve.Coverage coverage;
  private final InverseProduct inverseProduct;

  HyperGradient(
      double[] value,
      Optional<double[]> bounds,
      InnerSolve.Coverage coverage,
      InverseProduct inverseProduct) {
    this.value = value;
    this.bounds = bounds;
    this.coverage = coverage;
    this.inverseProduct = inverseProduct;
  }

  /** A copy of the hyper-gradient, [m]. */
  public double[] value() {
    return value.clone();
  }

  /**
   * A copy of the bounds, [m]: each component's error is at most its bound, as surely as the
   * certificate says and as far as the {@link #coverage} reaches. Empty if there is no certificate:
   * then the value must not be used for a step.
   */
  public Optional<double[]> componentBounds() {
    return bounds.map(double[]::clone);
  }

  /** Whether the bounds take in the error of the inner solution. */
  public InnerSolve.Coverage coverage() {
    return coverage;
  }

  /** The certificate of the inverse product that the bounds rest on. */
  public Certificate certificate() {
    return inverseProduct.certificate();
  }

  /** q near H^-1 d_theta L_out, a warm start or a diagnosis. */
  public InverseProduct inverseProduct() {
    return inverseProduct;
  }

  /** Whether every component has a bound that covers all its errors. */
  public boolean isCertified() {
    return bounds.isPresent() && coverage != InnerSolve.Coverage.NOT_COVERED;
  }
}
