package org.modalimmune.masking;

import java.util.Optional;
import java.util.Set;

/**
 * Which parts run, and how. With none of them the result is the sum of the two gradients.
 *
 * @param fisher the soft mask, or empty
 * @param freeze the freeze, or empty
 * @param budget the budget, or empty
 */
public record MaskingOptions(
    Optional<FisherOptions> fisher,
    Optional<FreezeOptions> freeze,
    Optional<BudgetOptions> budget) {

  /** The named parts, each with its defaults. */
  public static MaskingOptions of(Set<MaskingPart> parts) {
    return new MaskingOptions(
        parts.contains(MaskingPart.FISHER)
            ? Optional.of(FisherOptions.defaults())
            : Optional.empty(),
        parts.contains(MaskingPart.FREEZE)
            ? Optional.of(FreezeOptions.defaults())
            : Optional.empty(),
        parts.contains(MaskingPart.BUDGET)
            ? Optional.of(BudgetOptions.defaults())
            : Optional.empty());
  }

  /** The same with another soft mask. */
  public MaskingOptions with(FisherOptions options) {
    return new MaskingOptions(Optional.of(options), freeze, budget);
  }

  /** The same with another freeze. */
  public MaskingOptions with(FreezeOptions options) {
    return new MaskingOptions(fisher, Optional.of(options), budget);
  }

  /** The same with another budget. */
  public MaskingOptions with(BudgetOptions options) {
    return new MaskingOptions(fisher, freeze, Optional.of(options));
  }
}
