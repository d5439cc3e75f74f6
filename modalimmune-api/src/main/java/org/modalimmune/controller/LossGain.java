package org.modalimmune.controller;

/**
 * Gains that are functions of two losses.
 *
 * @see FirstOrderGain
 */
public enum LossGain implements Gain {
  /**
   * L(pattern) - L(complete): with cross-entropies in nats, the estimate by the model at hand of
   * the conditional predictive V-information of the missing modalities given the present ones (Xu
   * et al., "A theory of usable information under computational constraints", ICLR 2020, definition
   * 2). Negative where the model predicts better without them. The model is taken for the best of
   * its family under each pattern; where it is not, the estimate errs by the difference of the two
   * excess losses.
   */
  V_INFORMATION {
    @Override
    double gain(double complete, double pattern) {
      return pattern - complete;
    }
  },

  /**
   * (L(pattern) - L(complete))^2, in nats squared: the gain as published (ModalImmune, arXiv
   * 2602.16197). It cannot tell a modality that helps from one that harms.
   */
  SQUARED_DIFFERENCE {
    @Override
    double gain(double complete, double pattern) {
      double difference = pattern - complete;
      return difference * difference;
    }
  },

  /**
   * L(pattern): how hard the pattern is now. Differs from the first by a term that all patterns
   * share, which exponential weights over cumulative values do not see.
   */
  PATTERN_LOSS {
    @Override
    double gain(double complete, double pattern) {
      return pattern;
    }
  };

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a loss is NaN or infinite, or the gain overflows
   */
  @Override
  public double of(double complete, double pattern) {
    double gain = gain(complete, pattern);
    if (!Double.isFinite(complete) || !Double.isFinite(gain)) {
      throw new IllegalArgumentException(
          "gain: needs finite losses with a finite gain, got "
              + complete
              + " with all modalities and "
              + pattern
              + " under the pattern; has the model diverged?");
    }
    return gain;
  }

  abstract double gain(double complete, double pattern);
}
