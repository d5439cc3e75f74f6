package org.modalimmune.train;

import java.util.EnumSet;
import java.util.Set;
import org.modalimmune.masking.FisherOptions;
import org.modalimmune.masking.FreezeOptions;
import org.modalimmune.masking.MaskingOptions;
import org.modalimmune.masking.MaskingPart;

/**
 * Masking in training.
 *
 * @param options parts and their settings, in the optimiser's geometry
 * @param guarded what is protected
 * @param warmUpFraction part of training before the first mask, in [0, 1]; the optimiser's averages
 *     must have settled before they can give a geometry
 */
public record MaskingSettings(MaskingOptions options, GuardedPart guarded, double warmUpFraction) {
  private static final double WARM_UP = 0.05;

  /** F / D, in units of loss, at which a parameter's destructive gradient is halved. */
  private static final double TAU = 1;

  /**
   * Of an eigenvalue of the Hessian in the optimiser's coordinates: at a learning rate of 2e-3 the
   * clean loss falls away along such a direction by a factor of 1.2 a step.
   */
  private static final double THRESHOLD = 100;

  /** Checks the range. */
  public MaskingSettings {
    if (!(warmUpFraction >= 0 && warmUpFraction <= 1)) {
      throw new IllegalArgumentException(
          "masking: the warm-up must be in [0, 1], got " + warmUpFraction);
    }
  }

  /** No masking. */
  public static MaskingSettings off() {
    return of(Set.of());
  }

  /** Soft mask and budget, chosen on validation rows, protecting every told prediction. */
  public static MaskingSettings defaults() {
    return of(EnumSet.of(MaskingPart.FISHER, MaskingPart.BUDGET));
  }

  /** The named parts as measured, protecting every told prediction. */
  public static MaskingSettings of(Set<MaskingPart> parts) {
    MaskingOptions options = MaskingOptions.of(parts);
    if (parts.contains(MaskingPart.FISHER)) {
      options = options.with(new FisherOptions(TAU, 0.9));
    }
    if (parts.contains(MaskingPart.FREEZE)) {
      FreezeOptions f = FreezeOptions.defaults();
      options =
          options.with(
              new FreezeOptions(
                  THRESHOLD, f.failureProbability(), f.resolution(), f.interval(), f.key()));
    }
    return new MaskingSettings(options, GuardedPart.TOLD, WARM_UP);
  }

  /** Whether any part runs. */
  public boolean isOn() {
    return options.fisher().isPresent()
        || options.freeze().isPresent()
        || options.budget().isPresent();
  }
}
