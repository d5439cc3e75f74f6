package org.modalimmune.hypergradient;

import java.util.OptionalDouble;

/**
 * How a solve runs and when it stops.
 *
 * @param method the recursion
 * @param minTerms terms computed before stopping is considered, unless the residual vanishes
 * @param maxProducts products allowed in all, those of explicit residuals included
 * @param tolerance certified error |q - H^-1 v| at which to stop, in units of q; may be infinite
 * @param step Neumann's step a, 0 < a < 2 / upper; empty for 2 / (lower + upper)
 */
public record SolverOptions(
    Method method, int minTerms, int maxProducts, double tolerance, OptionalDouble step) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a count is negative, the terms do not fit the products, the
   *     tolerance is negative or NaN, or a step is given that is not positive or not for Neumann
   */
  public SolverOptions {
    if (minTerms < 0 || maxProducts < minTerms) {
      throw new IllegalArgumentException(
          "solver: needs 0 <= terms <= products, got "
              + minTerms
              + " terms and "
              + maxProducts
              + " products");
    }
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException(
          "solver: the tolerance must not be negative, got " + tolerance);
    }
    if (step.isPresent() && (method != Method.NEUMANN || !(step.getAsDouble() > 0))) {
      throw new IllegalArgumentException(
          "solver: a step must be positive and belongs to NEUMANN, got "
              + step.getAsDouble()
              + " for "
              + method);
    }
  }

  /** Stops as soon as the certified error is at most {@code tolerance}. */
  public static SolverOptions adaptive(Method method, double tolerance, int maxProducts) {
    return new SolverOptions(method, 0, maxProducts, tolerance, OptionalDouble.empty());
  }

  /**
   * Exactly {@code terms} terms, whatever error they leave; one product more certifies them. Fewer
   * only if the residual of the recursion becomes exactly zero.
   */
  public static SolverOptions fixedTerms(Method method, int terms) {
    return new SolverOptions(
        method,
        terms,
        terms == 0 ? 0 : Math.addExact(terms, 1),
        Double.POSITIVE_INFINITY,
        OptionalDouble.empty());
  }

  /** The same with Neumann's step given. */
  public SolverOptions withStep(double step) {
    return new SolverOptions(method, minTerms, maxProducts, tolerance, OptionalDouble.of(step));
  }
}
