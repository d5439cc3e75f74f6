package org.modalimmune.hypergradient;

/**
 * How fast the derivatives change with the inner parameters theta, near the point where they were
 * taken: |f(theta) - f(theta')| <= constant |theta - theta'|, Euclidean norms.
 */
public final class LipschitzConstants {
  private final double hessian;
  private final double outerGradient;
  private final double[] mixedRows;
  private final double[] direct;

  /**
   * The constants.
   *
   * @param hessian of d_theta^2 L_in, spectral norm
   * @param outerGradient of d_theta L_out
   * @param mixedRows [m], of each row d_theta d_phi_i L_in
   * @param direct [m], of each d_phi_i L_out
   * @throws IllegalArgumentException if one is negative or not finite, or the lengths differ
   */
  public LipschitzConstants(
      double hessian, double outerGradient, double[] mixedRows, double[] direct) {
    if (mixedRows.length != direct.length) {
      throw new IllegalArgumentException(
          "lipschitz constants: one of either kind per meta-parameter, got "
              + mixedRows.length
              + " and "
              + direct.length);
    }
    this.hessian = require(hessian);
    this.outerGradient = require(outerGradient);
    this.mixedRows = mixedRows.clone();
    this.direct = direct.clone();
    for (int i = 0; i < direct.length; i++) {
      require(mixedRows[i]);
      require(direct[i]);
    }
  }

  private static double require(double constant) {
    if (!(constant >= 0 && constant < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "lipschitz constants: must be finite and not negative, got " + constant);
    }
    return constant;
  }

  double hessian() {
    return hessian;
  }

  double outerGradient() {
    return outerGradient;
  }

  double mixedRow(int i) {
    return mixedRows[i];
  }

  double direct(int i) {
    return direct[i];
  }

  int metaParameters() {
    return direct.length;
  }
}
