package org.modalimmune.controller;

import java.util.Map;

/**
 * Exponential weights over a discounted average of the losses, for arms whose difficulty changes:
 * w_k proportional to q0_k exp(a_k / (scale eta)), mixed with the prior q0 so that no arm starves:
 * q = (1 - mix) w + mix q0. Here a_k is the exponential running average of arm k's loss, so that
 * the weights follow what is still hard now instead of the whole past, and a loss is the reward for
 * training on the arm. No regret bound is claimed; {@link Hedge} has one.
 *
 * <p>Source: the weights of Freund and Schapire, "A decision-theoretic generalization of on-line
 * learning", JCSS 55 (1997), section 2, with the cumulative loss replaced by the running average.
 */
public final class DiscountedHedge implements FullInformationController {
  private static final String KIND = "discounted-hedge";
  private static final int VERSION = 1;

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
            "discounted hedge: needs temperature > 0, loss scale > 0, mix in [0, 1], memory in [0,"
                + " 1); got "
                + temperature
                + ", "
                + lossScale
                + ", "
                + mix
                + ", "
                + memory);
      }
    }

    private double[] values() {
      return new double[] {temperature, lossScale, mix, memory};
    }
  }

  /**
   * A controller that starts at the prior.
   *
   * @param prior q0
   * @param settings temperature and mixing
   */
  public DiscountedHedge(ArmDistribution prior, Settings settings) {
    this.prior = prior.probabilities();
    this.settings = settings;
    this.averages = new double[this.prior.length];
  }

  @Override
  public int arms() {
    return prior.length;
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

  /**
   * Averages in the present loss of every arm.
   *
   * @param losses one per arm, finite
   * @throws IllegalArgumentException if the count differs or a loss is not finite; nothing has
   *     changed then
   */
  @Override
  public void observe(double[] losses) {
    requireLosses(losses, prior.length);
    double memory = observed ? settings.memory() : 0;
    for (int k = 0; k < losses.length; k++) {
      averages[k] = memory * averages[k] + (1 - memory) * losses[k];
    }
    observed = true;
  }

  @Override
  public ControllerState state() {
    return ControllerState.of(
        KIND,
        VERSION,
        Map.of(
            "prior", prior.clone(),
            "settings", settings.values(),
            "averages", averages.clone(),
            "observed", new double[] {observed ? 1 : 0}));
  }

  @Override
  public void restore(ControllerState state) {
    state.requireKind(KIND, VERSION);
    state.requireSame("prior", prior);
    state.requireSame("settings", settings.values());
    double[] saved = state.array("averages", averages.length);
    observed = state.count("observed") > 0;
    System.arraycopy(saved, 0, averages, 0, saved.length);
  }

  private static void requireLosses(double[] losses, int arms) {
    if (losses.length != arms) {
      throw new IllegalArgumentException(
          "discounted hedge: needs one loss for each of " + arms + " arms, got " + losses.length);
    }
    for (double l : losses) {
      if (!Double.isFinite(l)) {
        throw new IllegalArgumentException("discounted hedge: losses must be finite, got " + l);
      }
    }
  }
}
