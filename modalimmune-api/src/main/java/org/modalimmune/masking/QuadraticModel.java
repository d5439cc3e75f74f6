package org.modalimmune.masking;

import org.modalimmune.hypergradient.NonFiniteInputException;

/**
 * What a loss with gradient g and Hessian H changes by along a step s, to second order:
 *
 * <pre>
 * q(t) = t a + t^2 b / 2      a = g's      b = s'Hs
 * </pre>
 *
 * a and b are kept as upper bounds that include the rounding of the inner products, so that for
 * every t >= 0 the exact q of the given vectors is at most that of the model.
 */
public final class QuadraticModel {
  private final ScaledBound slope;
  private final ScaledBound curvature;

  private QuadraticModel(ScaledBound slope, ScaledBound curvature) {
    this.slope = slope;
    this.curvature = curvature;
  }

  /**
   * The model along a step.
   *
   * @param gradient g [n]
   * @param step s [n]
   * @param product H s [n]
   * @throws IllegalArgumentException if the sizes differ
   * @throws NonFiniteInputException if a value is not finite
   */
  public static QuadraticModel of(double[] gradient, double[] step, double[] product) {
    return of(1, gradient, step, product, 1, 0);
  }

  /**
   * The model of two numbers that are exact.
   *
   * @param slope a
   * @param curvature b
   * @throws NonFiniteInputException if one is not finite
   */
  public static QuadraticModel of(double slope, double curvature) {
    Finite.require("quadratic model: [slope, curvature]", new double[] {slope, curvature});
    return new QuadraticModel(ScaledBound.exact(slope), ScaledBound.exact(curvature));
  }

  /**
   * The model along s = sign * length * 2^power * direction.
   *
   * @param product H direction
   */
  static QuadraticModel of(
      int sign, double[] gradient, double[] direction, double[] product, double length, int power) {
    int n = direction.length;
    if (gradient.length != n || product.length != n) {
      throw new IllegalArgumentException(
          "quadratic model: sizes differ: gradient "
              + gradient.length
              + ", step "
              + n
              + ", product "
              + product.length);
    }
    Finite.require("quadratic model: the gradient", gradient);
    Finite.require("quadratic model: the step", direction);
    Finite.require("quadratic model: the Hessian-vector product", product);
    ScaledBound slope = ScaledBound.inner(sign, gradient, direction).times(length, power);
    ScaledBound curvature =
        ScaledBound.inner(1, direction, product).times(length, power).times(length, power);
    return new QuadraticModel(slope, curvature);
  }

  /**
   * The largest t in [0, 1] with q(t) <= budget, rounded down by at most some 24 unit roundoffs: at
   * the t returned the inequality holds exactly, not only up to rounding.
   *
   * @param budget at least 0, in units of the loss
   * @throws IllegalArgumentException if the budget is negative or not finite
   */
  public StepScale within(double budget) {
    if (!(budget >= 0 && budget < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "quadratic model: the budget must be finite and not negative, got " + budget);
    }
    if (endsWithin(budget)) {
      return new StepScale(1, ScaleReason.WITHIN_BUDGET, Math.min(increase(1), budget));
    }
    double t = below(BudgetRoot.of(slope, curvature, budget));
    return new StepScale(t, ScaleReason.AT_BUDGET, Math.min(increase(t), budget));
  }

  /** Whether a + b / 2 <= budget, in exact arithmetic. */
  private boolean endsWithin(double budget) {
    ScaledBound limit = ScaledBound.exact(budget);
    int power = Math.max(limit.magnitude(), Math.max(slope.magnitude(), curvature.magnitude()));
    if (budget == 0 && slope.value() == 0 && curvature.value() == 0) {
      return true;
    }
    // what is rounded here is 2^-1022 of the largest number: it decides only where the larger ones
    // are equal, and then rounding keeps its sign
    double a = slope.over(power);
    double b = curvature.over(power + 1);
    double c = -ScaledBound.scaledUp(-budget, -power);
    double sum = a + b;
    double shadow = sum - a;
    // Knuth's TwoSum
    double error = (a - (sum - shadow)) + (b - shadow);
    return sum < c || (sum == c && error <= 0);
  }

  /** A number below every one that {@code computed} is within 8 u, or half of 2^-1074, of. */
  private static double below(double computed) {
    return Math.max(0, Math.nextDown(computed * (1 - 0x1p-49)));
  }

  /** At least q(t), cut off at the range of float64. */
  private double increase(double t) {
    ScaledBound first = slope.times(t, 0);
    ScaledBound second = curvature.times(t, 0).times(t, -1);
    int power = Math.max(first.magnitude(), second.magnitude());
    if (first.value() == 0 && second.value() == 0) {
      return 0;
    }
    double sum = Math.nextUp(first.over(power) + second.over(power));
    double units = ScaledBound.scaledUp(sum, power);
    return Math.max(-Double.MAX_VALUE, Math.min(units, Double.MAX_VALUE));
  }
}
