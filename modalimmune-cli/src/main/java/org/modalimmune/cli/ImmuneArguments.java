package org.modalimmune.cli;

import java.util.Arrays;
import java.util.Locale;
import org.modalimmune.train.ControllerKind;
import org.modalimmune.train.ImmuneOptions;
import picocli.CommandLine.Option;

/** Settings of the method {@code immune}; the others have none. */
final class ImmuneArguments {
  private static final ImmuneOptions DEFAULTS = ImmuneOptions.defaults();

  @Option(
      names = "--isotropic-noise",
      paramLabel = "STD",
      description =
          "immune: standard deviation of white noise on the standardised inputs, in standard"
              + " deviations of a column, at least 0. Default: ${DEFAULT-VALUE}.")
  private double isotropicNoise = DEFAULTS.isotropicNoise();

  @Option(
      names = "--spectral-noise",
      paramLabel = "SCALE",
      description =
          "immune: scale of noise shaped like the spread within a class, as a multiple of that"
              + " spread, at least 0. Default: ${DEFAULT-VALUE}.")
  private double spectralNoise = DEFAULTS.spectralNoise();

  @Option(
      names = "--patterns",
      paramLabel = "R",
      description =
          "immune: incomplete presence patterns drawn per row and step, at least 1. Default:"
              + " ${DEFAULT-VALUE}.")
  private int patterns = DEFAULTS.patterns();

  @Option(
      names = "--distillation",
      paramLabel = "WEIGHT",
      description =
          "immune: weight of teaching incomplete patterns the prediction from the complete row, no"
              + " unit, at least 0. Default: ${DEFAULT-VALUE}.")
  private double distillation = DEFAULTS.distillation();

  @Option(
      names = "--silent-weight",
      paramLabel = "WEIGHT",
      description =
          "immune: weight of the loss with a modality replaced without notice, no unit, at least"
              + " 0. Default: ${DEFAULT-VALUE}.")
  private double silentWeight = DEFAULTS.silentWeight();

  @Option(
      names = "--severity",
      paramLabel = "S",
      description =
          "immune: how far that modality is replaced, from 0 (untouched) to 1 (gone). Default:"
              + " ${DEFAULT-VALUE}.")
  private double severity = DEFAULTS.severity();

  @Option(
      names = "--controller",
      paramLabel = "NAME",
      description =
          "immune: how patterns are chosen: uniform (each alike), stratified (each number of"
              + " present modalities alike) or hedge (stratified, then towards the hard ones)."
              + " Default: ${DEFAULT-VALUE}.")
  private String controller = name(DEFAULTS.controller());

  @Option(
      names = "--temperature",
      paramLabel = "ETA",
      description =
          "immune: how strongly the controller hedge turns to hard patterns, no unit, above 0;"
              + " smaller is stronger. Default: ${DEFAULT-VALUE}.")
  private double temperature = DEFAULTS.hedge().temperature();

  ImmuneOptions options() {
    ControllerKind kind = kind();
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new UsageException("--temperature: must be above 0 and finite, got " + temperature);
    }
    ImmuneOptions.HedgeOptions hedge = DEFAULTS.hedge();
    return UsageException.checked(
        () ->
            new ImmuneOptions(
                isotropicNoise,
                spectralNoise,
                patterns,
                DEFAULTS.fullWeight(),
                DEFAULTS.patternWeight(),
                distillation,
                silentWeight,
                severity,
                DEFAULTS.reconstructionWeight(),
                kind,
                new ImmuneOptions.HedgeOptions(
                    temperature,
                    hedge.mix(),
                    hedge.memory(),
                    hedge.interval(),
                    hedge.warmUpFraction())));
  }

  private ControllerKind kind() {
    return Arrays.stream(ControllerKind.values())
        .filter(k -> name(k).equals(controller))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--controller: there is none named '"
                        + controller
                        + "'; choose from "
                        + Arrays.stream(ControllerKind.values())
                            .map(ImmuneArguments::name)
                            .toList()));
  }

  private static String name(ControllerKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
