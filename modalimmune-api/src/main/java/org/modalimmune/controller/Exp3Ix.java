package org.modalimmune.controller;

import java.util.Map;

/**
 * EXP3 with implicit exploration: exponential weights over estimated losses. In a round with R
 * independent draws, n of them of arm i with losses l = 1 - reward,
 *
 * <pre>
 *   p_i(t) proportional to q0_i exp(-eta_t (l~_i(1) + ... + l~_i(t - 1)))
 *   l~_i(t) = (sum of the n losses / R) / (p_i(t) + gamma_t),   gamma_t = eta_t / 2
 * </pre>
 *
 * <p>gamma keeps the estimates' variance finite, so that no arm needs forced exploration. Regret
 * max_i sum_t g_i(t) - sum_t (mean reward of round t's draws), with L = max_i ln(1 / q0_i): with
 * probability at least 1 - delta
 *
 * <pre>
 *   regret after T rounds at most
 *     (L + ln K + ln(2 / delta)) / eta_T + K (eta_1 + ... + eta_T) + ln(2 / delta)
 * </pre>
 *
 * <p>With uniform prior that is 2 sqrt(2 K T ln K) + (sqrt(K T / (2 ln K)) + 1) ln(2 / delta) for
 * {@link #forRounds} and 4 sqrt(K T ln K) + (sqrt(K T / ln K) + 1) ln(2 / delta) for {@link
 * #anytime}. Time O(K + R) a round.
 *
 * <p>Source: Neu, "Explore no more: improved high-probability regret bounds for non-stochastic
 * bandits", NeurIPS 2015, algorithm 1, lemma 1, corollary 1 and theorem 1; {@code
 * spec/controller.md} derives the bound for priors and for several draws.
 */
public final class Exp3Ix implements BanditController, RegretBounded {
  private static final String KIND = "exp3-ix";
  private static final int VERSION = 1;

  private final LearningRate rate;
  private final ExponentialWeights weights;
  private final double[] losses;
  private long rounds;

  /**
   * Starts at the prior.
   *
   * @param prior q0, positive for every arm
   * @param rate eta_t
   */
  public Exp3Ix(ArmDistribution prior, LearningRate rate) {
    this.rate = rate;
    this.weights = new ExponentialWeights(KIND, prior);
    this.losses = new double[weights.arms()];
  }

  /** The rate eta = sqrt((L + ln K) / (K T)) that is best after T rounds. */
  public static Exp3Ix forRounds(ArmDistribution prior, long rounds) {
    RegretBound.requireRounds(rounds);
    return new Exp3Ix(prior, LearningRate.fixed(Math.sqrt(tuning(prior) / rounds)));
  }

  /** The rates eta_t = sqrt((L + ln K) / (2 K t)), for any number of rounds. */
  public static Exp3Ix anytime(ArmDistribution prior) {
    return new Exp3Ix(prior, LearningRate.decreasing(Math.sqrt(tuning(prior) / 2)));
  }

  private static double tuning(ArmDistribution prior) {
    double complexity = ExponentialWeights.tuningComplexity(KIND, prior);
    return (complexity + Math.log(prior.arms())) / prior.arms();
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

  @Override
  public void observe(int[] arms, double[] rewards) {
    UnitRewards.requireDrawn(KIND, arms, rewards, arms());
    for (int r = 0; r < arms.length; r++) {
      losses[arms[r]] += 1 - rewards[r];
    }
    double gamma = rate.at(rounds + 1) / 2;
    for (int arm : arms) {
      // an arm that was drawn again finds its losses already taken
      weights.add(arm, -losses[arm] / arms.length / (weights.weight(arm) + gamma));
      losses[arm] = 0;
    }
    rounds++;
    weights.update(rate.at(rounds + 1));
  }

  @Override
  public RegretBound regretBound(long rounds, double delta) {
    RegretBound.require(rounds, delta);
    double failure = Math.log(2 / delta);
    double value =
        (weights.complexity() + Math.log(arms()) + failure) / rate.at(rounds)
            + arms() * rate.sum(rounds)
            + failure;
    return new RegretBound(value, 1 - delta, rounds);
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
