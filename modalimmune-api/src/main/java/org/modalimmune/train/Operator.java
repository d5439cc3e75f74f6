package org.modalimmune.train;

import java.util.EnumSet;
import java.util.Locale;

/**
 * The four operators of the immune method as factors that are on or off. On is what the options
 * say; where they have the operator off, it is the operator's default. Off leaves everything else
 * as it is.
 */
public enum Operator {
  /**
   * Spectrum-adaptive collapse: spectral noise on the inputs, silent interventions and the collapse
   * loss. Off, the inputs have the white noise of {@code dropout-noise}, so that the difference is
   * what adapting to the spectrum adds to plain noise.
   */
  COLLAPSE {
    @Override
    public boolean isOn(ImmuneOptions options) {
      return options.noise().spectral() > 0
          || options.weights().silent() > 0
          || options.weights().collapse() > 0;
    }

    @Override
    ImmuneOptions byDefault(ImmuneOptions options) {
      ImmuneOptions defaults = ImmuneOptions.defaults();
      return options
          .withNoise(defaults.noise())
          .withInterventions(defaults.interventions())
          .withWeights(
              options
                  .weights()
                  .withCollapsing(defaults.weights().silent(), defaults.weights().collapse()));
    }

    @Override
    public ImmuneOptions off(ImmuneOptions options) {
      return options
          .withNoise(new ImmuneOptions.Noise(Methods.NOISE, 0))
          .withWeights(options.weights().withCollapsing(0, 0));
    }
  },
  /** The controller. Off, every incomplete pattern is as likely as every other. */
  CONTROLLER {
    @Override
    public boolean isOn(ImmuneOptions options) {
      return options.controller().kind() != ControllerKind.UNIFORM;
    }

    @Override
    ImmuneOptions byDefault(ImmuneOptions options) {
      return options.withController(
          options.controller().withKind(ControllerOptions.defaults().kind()));
    }

    @Override
    public ImmuneOptions off(ImmuneOptions options) {
      return options.withController(options.controller().withKind(ControllerKind.UNIFORM));
    }
  },
  /**
   * Gradient masking. Off, destructive gradients are added as they are. Without {@link #COLLAPSE}
   * there are none beside the told predictions, and it changes nothing.
   */
  MASKING {
    @Override
    public boolean isOn(ImmuneOptions options) {
      return options.masking().isOn();
    }

    @Override
    ImmuneOptions byDefault(ImmuneOptions options) {
      return options.withMasking(MaskingSettings.defaults());
    }

    @Override
    public ImmuneOptions off(ImmuneOptions options) {
      return options.withMasking(MaskingSettings.off());
    }
  },
  /** The hyper-gradient. Off, every setting stays as given. */
  HYPERGRADIENT {
    @Override
    public boolean isOn(ImmuneOptions options) {
      return options.hyperGradient().isOn();
    }

    @Override
    ImmuneOptions byDefault(ImmuneOptions options) {
      return options.withHyperGradient(
          options.hyperGradient().adapting(HyperGradientOptions.defaults().adapted()));
    }

    @Override
    public ImmuneOptions off(ImmuneOptions options) {
      return options.withHyperGradient(
          options.hyperGradient().adapting(EnumSet.noneOf(MetaGroup.class)));
    }
  };

  /** Whether options have the operator on. */
  public abstract boolean isOn(ImmuneOptions options);

  /** The operator's default in options that have it off. */
  abstract ImmuneOptions byDefault(ImmuneOptions options);

  /** The same options with the operator off. */
  public abstract ImmuneOptions off(ImmuneOptions options);

  /** The same options if the operator is on in them, else with its default. */
  public ImmuneOptions on(ImmuneOptions options) {
    return isOn(options) ? options : byDefault(options);
  }

  /** Name in reports, for example {@code hypergradient}. */
  public String reportName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
