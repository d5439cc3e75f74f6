package org.modalimmune.train;

import java.util.List;

/**
 * Settings of the immune method.
 *
 * @param noise spectrum-adaptive noise on the inputs
 * @param weights weights of the terms of the loss
 * @param patterns incomplete patterns drawn per sample and step, R
 * @param severity how far a silently lost modality is collapsed, from 0 (untouched) to 1 (gone)
 * @param interventions how it is collapsed, one drawn per modality and step
 * @param controller how patterns are chosen
 * @param masking how destructive gradients are masked
 * @param hyperGradient what is learned while training, and how
 */
public record ImmuneOptions(
    Noise noise,
    Weights weights,
    int patterns,
    double severity,
    List<InterventionKind> interventions,
    ControllerOptions controller,
    MaskingSettings masking,
    HyperGradientOptions hyperGradient) {

  /**
   * Noise on the standardised inputs.
   *
   * @param isotropic standard deviation of white noise, in standard deviations
   * @param spectral scale of the noise along the within-class spectrum, no unit
   */
  public record Noise(double isotropic, double spectral) {
    /** Checks the ranges. */
    public Noise {
      requireNonNegative("isotropic noise", isotropic);
      requireNonNegative("spectral noise", spectral);
    }
  }

  /**
   * Weights of the terms of the loss, no unit; a term of weight 0 is not computed.
   *
   * @param full cross-entropy with everything present
   * @param pattern mean cross-entropy over the drawn patterns
   * @param distillation cross-entropy from the full prediction to the drawn patterns
   * @param silent cross-entropy with modalities collapsed without notice
   * @param reconstruction mean squared error of the decoders
   * @param collapse loss on the stable rank of absent modalities' embeddings
   */
  public record Weights(
      double full,
      double pattern,
      double distillation,
      double silent,
      double reconstruction,
      double collapse) {
    /** Checks the ranges. */
    public Weights {
      requireNonNegative("full weight", full);
      requireNonNegative("pattern weight", pattern);
      requireNonNegative("distillation", distillation);
      requireNonNegative("silent weight", silent);
      requireNonNegative("reconstruction weight", reconstruction);
      requireNonNegative("weight of the collapse loss", collapse);
    }

    /** The same with other weights of what collapses modalities. */
    public Weights withCollapsing(double otherSilent, double otherCollapse) {
      return new Weights(full, pattern, distillation, otherSilent, reconstruction, otherCollapse);
    }
  }

  /** Checks the ranges and copies the list. */
  public ImmuneOptions {
    interventions = List.copyOf(interventions);
    if (patterns < 1) {
      throw new IllegalArgumentException("immune: needs at least 1 pattern, got " + patterns);
    }
    if (!(severity >= 0 && severity <= 1)) {
      throw new IllegalArgumentException(
          "immune: the severity must be from 0 to 1, got " + severity);
    }
    if (interventions.isEmpty() && weights.silent() > 0) {
      throw new IllegalArgumentException(
          "immune: the silent term needs at least one intervention; or give it weight 0");
    }
  }

  private static void requireNonNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "immune: the " + name + " must be finite and not negative, got " + value);
    }
  }

  /** The measured defaults: noise 0.3 and 0.4, six patterns, distillation, silent term, Hedge. */
  public static ImmuneOptions defaults() {
    return new ImmuneOptions(
        new Noise(0.3, 0.4),
        new Weights(0.2, 0.8, 0.5, 0.1, 0.1, 0),
        6,
        1,
        List.of(InterventionKind.NOISE, InterventionKind.SHUFFLE, InterventionKind.ZERO_INPUT),
        ControllerOptions.defaults(),
        MaskingSettings.off(),
        HyperGradientOptions.off());
  }

  /** The same with other noise. */
  public ImmuneOptions withNoise(Noise other) {
    return new ImmuneOptions(
        other, weights, patterns, severity, interventions, controller, masking, hyperGradient);
  }

  /** The same with other weights. */
  public ImmuneOptions withWeights(Weights other) {
    return new ImmuneOptions(
        noise, other, patterns, severity, interventions, controller, masking, hyperGradient);
  }

  /** The same with other interventions. */
  public ImmuneOptions withInterventions(List<InterventionKind> other) {
    return new ImmuneOptions(
        noise, weights, patterns, severity, other, controller, masking, hyperGradient);
  }

  /** The same with another controller. */
  public ImmuneOptions withController(ControllerOptions other) {
    return new ImmuneOptions(
        noise, weights, patterns, severity, interventions, other, masking, hyperGradient);
  }

  /** The same with other masking. */
  public ImmuneOptions withMasking(MaskingSettings other) {
    return new ImmuneOptions(
        noise, weights, patterns, severity, interventions, controller, other, hyperGradient);
  }

  /** The same with another hyper-gradient. */
  public ImmuneOptions withHyperGradient(HyperGradientOptions other) {
    return new ImmuneOptions(
        noise, weights, patterns, severity, interventions, controller, masking, other);
  }
}
