package org.modalimmune.controller;

/**
 * Exponential weights with full information: w_k proportional to q0_k exp(a_k / (scale eta)), mixed
 * with the prior q0 so that no arm starves: q = (1 - mix) w + mix q0. Here a_k is the exponential
 * running average of arm k's loss, so that the weights follow what is still hard now instead of the
 * whole past.
 *
 * <p>Source: Freund and Schapire, "A decision-theoretic generalization of on-line learning", JCSS
 * 55 (1997), section 2, with the cumulative loss replaced by the running average and a loss treated
 * as a reward for training on the arm.
 */
public final class Hedge implements ArmDistribution {
  private final double[] prior;
  private final Settings settings;
  private final double[] averages;
  private boolean observed;

  /**
   * Settings of the controller.
   *
   * @param temperature eta, positive; small values concentrate on the hardest arms
   * @param lossScale what losses are divided by, such as ln C for a cross-entropy over C classes
   * @param mix share of the prior in the result, in [0, 1]
   * @param memory weight of the old average at each observation, in [0, 1)
   */
  public record Settings(double temperature, double lossScale, double mix, double memory) {
    /** Checks the ranges. */
    public Settings {
      if (!(temperature > 0)
          || !(lossScale > 0)
          || !(mix >= 0 && mix <= 1)
          || !(memory >= 0 && memory < 1)) {
        throw new IllegalArgumentException(
            "hedge: needs temperature > 0, loss scale > 0, mix in [0, 1], memory in [0, 1); got "
                + temperature
                + ", "
                + lossScale
                + ", "
                + mix
                + ", "
                + memory);
      }
    }
  }

  /**
   * A controller that starts at the prior.
   *
   * @param prior q0
   * @param settings temperature and mixing
   */
  public Hedge(ArmDistribution prior, Settings settings) {
    this.prior = prior.probabilities();
    this.settings = settings;
    this.averages = new double[this.prior.length];
  }

  @Override
  public double[] probabilities() {
    if (!observed) {
      return prior.clone();
    }
    double largest = Double.NEGATIVE_INFINITY;
    double unit = settings.lossScale() * settings.temperature();
    for (double a : averages) {
      largest = Math.max(largest, a / unit);
    }
    double[] w = new double[prior.length];
    double sum = 0;
    for (int k = 0; k < w.length; k++) {
      w[k] = prior[k] * Math.exp(averages[k] / unit - largest);
      sum += w[k];
    }
    for (int k = 0; k < w.length; k++) {
      w[k] = (1 - settings.mix()) * w[k] / sum + settings.mix() * prior[k];
    }
    return w;
  }

  @Override
  public void observe(double[] losses) {
    requireLosses(losses, prior.length);
    double memory = observed ? settings.memory() : 0;
    for (int k = 0; k < losses.length; k++) {
      averages[k] = memory * averages[k] + (1 - memory) * losses[k];
    }
    observed = true;
  }

  static void requireLosses(double[] losses, int arms) {
    if (losses.length != arms) {
      throw new IllegalArgumentException(
          "arms: needs one loss for each of " + arms + " arms, got " + losses.length);
    }
    for (double l : losses) {
      if (!Double.isFinite(l)) {
        throw new IllegalArgumentException("arms: losses must be finite, got " + l);
      }
    }
  }
}
