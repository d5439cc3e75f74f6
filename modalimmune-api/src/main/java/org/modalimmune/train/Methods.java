package org.modalimmune.train;

import java.util.List;
import java.util.Locale;

/** The methods that every comparison can name. */
public final class Methods {
  /** Weight of the reconstruction loss in the simple methods. */
  private static final double RECONSTRUCTION = 0.1;

  /** Noise of {@code dropout-noise}, in standard deviations. */
  static final double NOISE = 0.5;

  private Methods() {}

  /** All methods in the order of reports. */
  public static List<TrainingMethod> all(ImmuneOptions immune) {
    return List.of(plain(), dropout(), dropoutNoise(), immune(immune), new SpecialistsMethod());
  }

  /** All modalities always present. */
  public static TrainingMethod plain() {
    return new SingleModelMethod(
        "plain",
        "all modalities present in training",
        context -> new PresenceObjective(false, 0, RECONSTRUCTION));
  }

  /** A random non-empty subset of modalities per sample. */
  public static TrainingMethod dropout() {
    return new SingleModelMethod(
        "dropout",
        "a random non-empty subset of modalities per sample",
        context -> new PresenceObjective(true, 0, RECONSTRUCTION));
  }

  /** A random subset, and Gaussian noise of 0.5 standard deviations on the inputs. */
  public static TrainingMethod dropoutNoise() {
    return new SingleModelMethod(
        "dropout-noise",
        "a random non-empty subset per sample, and Gaussian noise of 0.5 standard deviations",
        context -> new PresenceObjective(true, NOISE, RECONSTRUCTION));
  }

  /** The immune method. */
  public static TrainingMethod immune(ImmuneOptions options) {
    return new SingleModelMethod(
        "immune",
        "spectrum-adaptive noise, "
            + options.patterns()
            + " patterns per sample through a shared projection, distillation, silent term,"
            + " controller "
            + options.controller().kind().name().toLowerCase(Locale.ROOT),
        context -> new ImmuneObjective(options, context));
  }
}
