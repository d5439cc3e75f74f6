package org.modalimmune.cli;

import java.util.List;
import java.util.Set;
import org.modalimmune.controller.LossGain;
import org.modalimmune.masking.MaskingPart;
import org.modalimmune.train.ControllerKind;
import org.modalimmune.train.ImmuneOptions;
import org.modalimmune.train.InterventionKind;
import org.modalimmune.train.MaskingSettings;
import org.modalimmune.train.MetaGroup;
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
  private double isotropicNoise = DEFAULTS.noise().isotropic();

  @Option(
      names = "--spectral-noise",
      paramLabel = "SCALE",
      description =
          "immune: scale of noise shaped like the spread within a class, as a multiple of that"
              + " spread, at least 0. Default: ${DEFAULT-VALUE}.")
  private double spectralNoise = DEFAULTS.noise().spectral();

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
  private double distillation = DEFAULTS.weights().distillation();

  @Option(
      names = "--silent-weight",
      paramLabel = "WEIGHT",
      description =
          "immune: weight of the loss with a modality replaced without notice, no unit, at least"
              + " 0. Default: ${DEFAULT-VALUE}.")
  private double silentWeight = DEFAULTS.weights().silent();

  @Option(
      names = "--severity",
      paramLabel = "S",
      description =
          "immune: how far a modality that --silent-weight replaces is replaced, from 0 (untouched)"
              + " to 1 (gone). Default: ${DEFAULT-VALUE}.")
  private double severity = DEFAULTS.severity();

  @Option(
      names = "--interventions",
      paramLabel = "NAME",
      split = ",",
      description =
          "immune: what replaces a modality's embedding in the loss of --silent-weight, one drawn"
              + " per modality and step: omit (zeros), noise (at its own scale), shuffle (another"
              + " row's), zero-input (the answer to zeros), shrink (towards one noisy direction);"
              + " none leaves that loss out. Default: ${DEFAULT-VALUE}.")
  private List<String> interventions = ChoiceNames.of(DEFAULTS.interventions());

  @Option(
      names = "--collapse-loss",
      paramLabel = "WEIGHT",
      description =
          "immune: weight of a loss that presses absent modalities' embeddings towards one"
              + " direction, no unit, at least 0; meant for frozen encoders. Default:"
              + " ${DEFAULT-VALUE}.")
  private double collapseLoss = DEFAULTS.weights().collapse();

  @Option(
      names = "--masking",
      paramLabel = "NAME",
      split = ",",
      description =
          "immune: how gradients of silent loss and collapse loss are masked where they would harm"
              + " the other terms: fisher, freeze, budget, or none."
              + " Default: ${DEFAULT-VALUE}.")
  private List<String> masking = List.of(ChoiceNames.NONE);

  @Option(
      names = "--hypergradient",
      paramLabel = "NAME",
      split = ",",
      description =
          "immune: settings that a certified hyper-gradient of the validation loss adapts while"
              + " training: noise, weights (of the loss), severity, decay (of the weights),"
              + " patterns (weight of each); or none. Default: ${DEFAULT-VALUE}.")
  private List<String> hyperGradient = List.of(ChoiceNames.NONE);

  @Option(
      names = "--controller",
      paramLabel = "NAME",
      description =
          "immune: how patterns are chosen: uniform (each alike), stratified (each number of"
              + " present modalities alike), hedge (stratified, then towards the hard ones), or a"
              + " bandit that measures a few at a time, exp3-ix or exp3p. Default:"
              + " ${DEFAULT-VALUE}.")
  private String controller = ChoiceNames.of(DEFAULTS.controller().kind());

  @Option(
      names = "--gain",
      paramLabel = "NAME",
      description =
          "immune: what the controller takes for the gain of a pattern: v-information (its loss"
              + " less that of the complete row), squared-difference (of the two) or pattern-loss."
              + " Default: ${DEFAULT-VALUE}.")
  private String gain = ChoiceNames.of(DEFAULTS.controller().gain());

  @Option(
      names = "--temperature",
      paramLabel = "ETA",
      description =
          "immune: how strongly the controller hedge turns to hard patterns, no unit, above 0;"
              + " smaller is stronger. Default: ${DEFAULT-VALUE}.")
  private double temperature = DEFAULTS.controller().temperature();

  ImmuneOptions options() {
    ControllerKind kind = new ChoiceNames<>("--controller", ControllerKind.class).one(controller);
    LossGain reward = new ChoiceNames<>("--gain", LossGain.class).one(gain);
    Set<InterventionKind> collapse =
        new ChoiceNames<>("--interventions", InterventionKind.class).all(interventions);
    Set<MetaGroup> adapted =
        new ChoiceNames<>("--hypergradient", MetaGroup.class).all(hyperGradient);
    Set<MaskingPart> parts = new ChoiceNames<>("--masking", MaskingPart.class).all(masking);
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new UsageException("--temperature: must be above 0 and finite, got " + temperature);
    }
    return UsageException.checked(
        () ->
            new ImmuneOptions(
                new ImmuneOptions.Noise(isotropicNoise, spectralNoise),
                new ImmuneOptions.Weights(
                    DEFAULTS.weights().full(),
                    DEFAULTS.weights().pattern(),
                    distillation,
                    collapse.isEmpty() ? 0 : silentWeight,
                    DEFAULTS.weights().reconstruction(),
                    collapseLoss),
                patterns,
                severity,
                List.copyOf(collapse),
                DEFAULTS.controller().withKind(kind).withTemperature(temperature).withGain(reward),
                MaskingSettings.of(parts),
                DEFAULTS.hyperGradient().adapting(adapted)));
  }
}
