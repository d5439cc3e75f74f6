package org.modalimmune.masking;

import java.util.Locale;
import java.util.Optional;

/**
 * What was done to one block at one step, and why.
 *
 * @param block its name
 * @param size number of parameters
 * @param meanMask mean of the soft mask, 1 where there is none
 * @param fisher the Fisher diagonal that it comes from; empty if that part is off
 * @param curvature the last test of the block's Hessian; empty if that part is off or the block
 *     empty
 * @param frozen whether the block got the clean gradient alone because of that test
 * @param step scale t of the destructive step, its reason, and the change of the clean loss that
 *     the model foresees: of all blocks together under {@link BudgetOptions.Scope#JOINT}, of this
 *     one under {@code EACH_BLOCK}; 0 without a budget
 */
public record MaskReport(
    String block,
    long size,
    double meanMask,
    Optional<FisherSummary> fisher,
    Optional<CurvatureFinding> curvature,
    boolean frozen,
    StepScale step) {

  /** One line in words. */
  public String explanation() {
    return String.format(Locale.ROOT, "%s (%d): mean mask %.3g", block, size, meanMask)
        + fisher
            .map(
                f ->
                    String.format(
                        Locale.ROOT, " (Fisher mean %.3g, largest %.3g)", f.mean(), f.largest()))
            .orElse("")
        + curvature.map(MaskReport::explain).orElse("")
        + "; "
        + scaleInWords();
  }

  private static String explain(CurvatureFinding c) {
    return switch (c.verdict()) {
      case BELOW_THRESHOLD ->
          String.format(
              Locale.ROOT,
              "; smallest eigenvalue at most %.4g, below -%.4g: proved at step %d",
              c.smallestRitz() + c.rounding(),
              c.threshold(),
              c.step());
      case NOT_BELOW_THRESHOLD ->
          String.format(
              Locale.ROOT,
              "; smallest eigenvalue at least %.4g, not below -%.4g: wrong with probability at most"
                  + " %.3g, step %d",
              c.lower(),
              c.threshold(),
              c.failureProbability(),
              c.step());
      case UNDECIDED ->
          String.format(
              Locale.ROOT,
              "; no eigenvalue below -%.4g found, smallest at least %.4g: wrong with probability at"
                  + " most %.3g, step %d",
              c.threshold(),
              c.lower(),
              c.failureProbability(),
              c.step());
    };
  }

  private String scaleInWords() {
    return switch (step.reason()) {
      case NO_BUDGET -> "whole step, no budget";
      case WITHIN_BUDGET ->
          String.format(Locale.ROOT, "whole step, loss changes by %.4g", step.increase());
      case AT_BUDGET ->
          String.format(
              Locale.ROOT, "%.4g of the step, loss changes by %.4g", step.scale(), step.increase());
      case FROZEN -> "frozen";
      case NOTHING_TO_SCALE -> "no destructive step";
    };
  }
}
