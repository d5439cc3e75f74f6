package org.modalimmune.controller;

import java.util.Map;

/**
 * EXP3.P: exponential weights over estimated rewards with a bias that makes the estimates upper
 * confidence bounds, mixed with the uniform distribution. In a round with R independent draws, n of
 * them of arm i,
 *
 * <pre>
 *   w_i(t) proportional to q0_i exp(eta (g~_i(1) + ... + g~_i(t - 1)))
 *   p_i(t) = (1 - gamma) w_i(t) + gamma / K
 *   g~_i(t) = (sum of the n rewards / R + beta) / p_i(t)
 * </pre>
 *
 * <p>Needs (1 + beta) K eta at most gamma. Regret max_i sum_t g_i(t) - sum_t (mean reward of round
 * t's draws), with L = max_i ln(1 / q0_i): with probability at least 1 - delta
 *
 * <pre>
 *   regret after T rounds at most
 *     beta T K + gamma T + (1 + beta) eta K T + ln(K / delta) / beta + L / eta
 * </pre>
 *
 * <p>With the settings of {@link Exp3PSettings#forRounds}, the same delta and uniform prior that is
 * at most 5.15 sqrt(T K ln(K / delta)) where this is below T. Time O(K + R) a round.
 *
 * <p>Source: Bubeck and Cesa-Bianchi, "Regret analysis of stochastic and nonstochastic multi-armed
 * bandit problems", Foundations and Trends in Machine Learning 5 (2012), section 3.2, lemma 3.1 and
 * theorem 3.2; after Auer, Cesa-Bianchi, Freund and Schapire, "The nonstochastic multiarmed bandit
 * problem", SIAM J. Comput. 32 (2002), section 6. {@code spec/controller.md} derives the bound for
 * priors and for several draws.
 */
public final class Exp3P implements BanditController, RegretBounded {
  private static final String KIND = "exp3.p";
  private static final int VERSION = 1;

  private final Exp3PSettings settings;
  private final ExponentialWeights weights;
  private final double[] gains;
  private long rounds;

  /**
   * Starts at the prior, mixed with the uniform distribution.
   *
   * @param prior q0, positive for every arm
   * @param settings eta, gamma and beta
   * @throws IllegalArgumentException if (1 + beta) K eta exceeds gamma: the bound would not hold
   */
  public Exp3P(ArmDistribution prior, Exp3PSettings settings) {
    double needed = (1 + settings.bias()) * prior.arms() * settings.rate();
    // the tuned settings may meet this with equality, up to rounding
    if (needed > settings.exploration() * (1 + 8 * Math.ulp(1.0))) {
      throw new IllegalArgumentException(
          KIND
              + ": exploration must be at least (1 + bias) arms rate = "
              + needed
              + ", got "
              + settings.exploration()
              + "; lower the rate");
    }
    this.settings = settings;
    this.weights = new ExponentialWeights(KIND, prior);
    this.gains = new double[weights.arms()];
  }

  /** With the settings of {@link Exp3PSettings#forRounds}. */
  public static Exp3P forRounds(ArmDistribution prior, long rounds, double delta) {
    return new Exp3P(prior, Exp3PSettings.forRounds(prior.arms(), rounds, delta));
  }

  @Override
  public int arms() {
    return weights.arms();
  }

  @Override
  public double[] probabilities() {
    double[] p = new double[arms()];
    for (int i = 0; i < p.length; i++) {
      p[i] = probability(i);
    }
    return p;
  }

  private double probability(int arm) {
    return (1 - settings.exploration()) * weights.weight(arm) + settings.exploration() / arms();
  }

  /** Rounds observed. */
  public long rounds() {
    return rounds;
  }

  @Override
  public void observe(int[] arms, double[] rewards) {
    UnitRewards.requireDrawn(KIND, arms, rewards, arms());
    for (int r = 0; r < arms.length; r++) {
      gains[arms[r]] += rewards[r];
    }
    for (int i = 0; i < gains.length; i++) {
      weights.add(i, (gains[i] / arms.length + settings.bias()) / probability(i));
      gains[i] = 0;
    }
    rounds++;
    weights.update(settings.rate());
  }

  @Override
  public RegretBound regretBound(long rounds, double delta) {
    RegretBound.require(rounds, delta);
    double k = arms();
    double perRound =
        settings.bias() * k + settings.exploration() + (1 + settings.bias()) * settings.rate() * k;
    double value =
        perRound * rounds
            + Math.log(k / delta) / settings.bias()
            + weights.complexity() / settings.rate();
    return new RegretBound(value, 1 - delta, rounds);
  }

  @Override
  public ControllerState state() {
    return ControllerState.of(
        KIND,
        VERSION,
        Map.of(
            "prior", weights.prior(),
            "settings", settings.values(),
            "scores", weights.scores(),
            "rounds", new double[] {rounds}));
  }

  @Override
  public void restore(ControllerState state) {
    state.requireKind(KIND, VERSION);
    state.requireSame("prior", weights.prior());
    state.requireSame("settings", settings.values());
    double[] scores = weights.scoresOf(state);
    rounds = state.count("rounds");
    weights.restore(scores, settings.rate());
  }
}
