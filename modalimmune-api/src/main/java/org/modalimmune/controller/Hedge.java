package org.modalimmune.controller;

import java.util.Map;

/**
 * Exponential weights over cumulative rewards with full information:
 *
 * <pre>
 *   p_i(t) proportional to q0_i exp(eta_t (g_i(1) + ... + g_i(t - 1)))
 * </pre>
 *
 * <p>Regret max_i sum_t g_i(t) - sum_t (p(t), g(t)) of the expected reward. With L = max_i ln(1 /
 * q0_i), for every sequence of rewards,
 *
 * <pre>
 *   regret after T rounds at most L / eta_T + (eta_1 + ... + eta_T) / 8
 * </pre>
 *
 * <p>which is sqrt(T L / 2) for {@link #forRounds} and sqrt(T L) for {@link #anytime}. Time O(K) a
 * round.
 *
 * <p>Source: Freund and Schapire, "A decision-theoretic generalization of on-line learning", JCSS
 * 55 (1997), figure 1, with beta = exp(-eta) and rewards for negative losses; the bound is that of
 * Cesa-Bianchi and Lugosi, "Prediction, Learning, and Games" (2006), theorem 2.2, {@code
 * spec/controller.md} derives it for priors and falling rates.
 */
public final class Hedge implements FullInformationController, RegretBounded {
  private static final String KIND = "hedge";
  private static final int VERSION = 1;

  private final LearningRate rate;
  private final ExponentialWeights weights;
  private long rounds;

  /**
   * Starts at the prior.
   *
   * @param prior q0, positive for every arm
   * @param rate eta_t
   */
  public Hedge(ArmDistribution prior, LearningRate rate) {
    this.rate = rate;
    this.weights = new ExponentialWeights(KIND, prior);
  }

  /** The rate eta = sqrt(8 L / T) that is best after T rounds. */
  public static Hedge forRounds(ArmDistribution prior, long rounds) {
    RegretBound.requireRounds(rounds);
    double eta = Math.sqrt(8 * ExponentialWeights.tuningComplexity(KIND, prior) / rounds);
    return new Hedge(prior, LearningRate.fixed(eta));
  }

  /** The rates eta_t = 2 sqrt(L / t), for any number of rounds. */
  public static Hedge anytime(ArmDistribution prior) {
    double c = 2 * Math.sqrt(ExponentialWeights.tuningComplexity(KIND, prior));
    return new Hedge(prior, LearningRate.decreasing(c));
  }

  @Override
  public int arms() {
    return weights.arms();
  }

  @Override
  public double[] probabilities() {
    return weights.copy();
  }

  /** Rounds observed. */
  public long rounds() {
    return rounds;
  }

  /**
   * {@inheritDoc}
   *
   * @param rewards one per arm, in [0, 1]
   */
  @Override
  public void observe(double[] rewards) {
    UnitRewards.requireAll(KIND, rewards, arms());
    for (int i = 0; i < rewards.length; i++) {
      weights.add(i, rewards[i]);
    }
    rounds++;
    weights.update(rate.at(rounds + 1));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The regret is that of the expected reward, so the bound is certain and delta is only
   * checked.
   */
  @Override
  public RegretBound regretBound(long rounds, double delta) {
    RegretBound.require(rounds, delta);
    double value = weights.complexity() / rate.at(rounds) + rate.sum(rounds) / 8;
    return new RegretBound(value, 1, rounds);
  }

  @Override
  public ControllerState state() {
    return ControllerState.of(
        KIND,
        VERSION,
        Map.of(
            "prior", weights.prior(),
            "rate", rate.values(),
            "scores", weights.scores(),
            "rounds", new double[] {rounds}));
  }

  @Override
  public void restore(ControllerState state) {
    state.requireKind(KIND, VERSION);
    state.requireSame("prior", weights.prior());
    state.requireSame("rate", rate.values());
    double[] scores = weights.scoresOf(state);
    rounds = state.count("rounds");
    weights.restore(scores, rate.at(rounds + 1));
  }
}
