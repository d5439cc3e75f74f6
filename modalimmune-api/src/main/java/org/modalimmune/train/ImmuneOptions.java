package org.modalimmune.train;

/**
 * Settings of the immune method.
 *
 * @param isotropicNoise standard deviation of white input noise, in standard deviations
 * @param spectralNoise scale of the input noise along the within-class spectrum, no unit
 * @param patterns incomplete patterns drawn per sample and step, R
 * @param fullWeight weight of the cross-entropy with everything present
 * @param patternWeight weight of the mean cross-entropy over the drawn patterns
 * @param distillation weight of the cross-entropy from the full prediction to the drawn patterns
 * @param silentWeight weight of the term in which a modality is replaced without notice
 * @param severity how far it is replaced, from 0 (untouched) to 1 (gone)
 * @param reconstructionWeight weight of the reconstruction loss
 * @param controller how patterns are chosen
 * @param hedge settings of {@link ControllerKind#HEDGE}
 */
public record ImmuneOptions(
    double isotropicNoise,
    double spectralNoise,
    int patterns,
    double fullWeight,
    double patternWeight,
    double distillation,
    double silentWeight,
    double severity,
    double reconstructionWeight,
    ControllerKind controller,
    HedgeOptions hedge) {

  /**
   * Settings of the adaptive controller.
   *
   * @param temperature concentration on hard patterns; smaller is stronger
   * @param mix share of the stratified prior that always remains
   * @param memory weight of the old running average at each look
   * @param interval steps between looks at the held-out rows
   * @param warmUpFraction part of training before the first look
   */
  public record HedgeOptions(
      double temperature, double mix, double memory, int interval, double warmUpFraction) {
    /** Checks the ranges that the controller itself does not. */
    public HedgeOptions {
      if (interval < 1 || !(warmUpFraction >= 0 && warmUpFraction <= 1)) {
        throw new IllegalArgumentException(
            "hedge: the interval must be at least 1 and the warm-up in [0, 1], got "
                + interval
                + " and "
                + warmUpFraction);
      }
    }

    /** Temperature 0.3, a fifth of the prior, a look every 5 steps after 5 % of training. */
    public static HedgeOptions defaults() {
      return new HedgeOptions(0.3, 0.2, 0.9, 5, 0.05);
    }
  }

  /** Checks the ranges. */
  public ImmuneOptions {
    requireWeight("isotropic noise", isotropicNoise);
    requireWeight("spectral noise", spectralNoise);
    requireWeight("full weight", fullWeight);
    requireWeight("pattern weight", patternWeight);
    requireWeight("distillation", distillation);
    requireWeight("silent weight", silentWeight);
    requireWeight("reconstruction weight", reconstructionWeight);
    if (patterns < 1) {
      throw new IllegalArgumentException("immune: needs at least 1 pattern, got " + patterns);
    }
    if (!(severity >= 0 && severity <= 1)) {
      throw new IllegalArgumentException(
          "immune: the severity must be from 0 to 1, got " + severity);
    }
  }

  private static void requireWeight(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "immune: the " + name + " must be finite and not negative, got " + value);
    }
  }

  /** The measured defaults: noise 0.3 and 0.4, six patterns, distillation, silent term, Hedge. */
  public static ImmuneOptions defaults() {
    return new ImmuneOptions(
        0.3, 0.4, 6, 0.2, 0.8, 0.5, 0.1, 1, 0.1, ControllerKind.HEDGE, HedgeOptions.defaults());
  }
}
