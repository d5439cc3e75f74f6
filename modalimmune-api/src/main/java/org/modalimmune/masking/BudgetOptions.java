package org.modalimmune.masking;

/**
 * Settings of the second-order budget.
 *
 * @param budget what the clean loss may rise by in one step, at least 0, in units of the loss
 * @param scope what the budget is for
 */
public record BudgetOptions(double budget, Scope scope) {
  /** What one budget is for. */
  public enum Scope {
    /** The step of all blocks together: one scale for all, and one Hessian-vector product. */
    JOINT,
    /**
     * The step of each block alone: a scale and a product for each. What blocks do to each other is
     * left out, so that the whole step is not within any budget.
     */
    EACH_BLOCK
  }

  /** Checks the range. */
  public BudgetOptions {
    if (!(budget >= 0 && budget < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("budget: must be finite and not negative, got " + budget);
    }
  }

  /** 1e-3 for all blocks together. */
  public static BudgetOptions defaults() {
    return new BudgetOptions(1e-3, Scope.JOINT);
  }
}
