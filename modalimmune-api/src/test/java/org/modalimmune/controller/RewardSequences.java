package org.modalimmune.controller;

import java.util.List;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** Rewards in [0, 1] that are hard for a learner. */
interface RewardSequences {
  /**
   * Fills in the rewards of a round.
   *
   * @param round t, from 1
   * @param rounds T
   * @param probabilities those of the learner in this round, which an adaptive adversary sees
   * @param previous the arm drawn in the round before, -1 in the first
   * @param rewards to fill
   */
  void fill(long round, long rounds, double[] probabilities, int previous, double[] rewards);

  /** Every kind, with draws of its own for each seed. */
  static List<RewardSequences> all(long seed) {
    return List.of(
        constantGap(0), coins(seed, 0.1), switching(seed), lateBloomer(), punishing(), contrary());
  }

  /** One arm always earns 1, the others nothing. */
  static RewardSequences constantGap(int best) {
    return (t, n, p, previous, g) -> {
      for (int i = 0; i < g.length; i++) {
        g[i] = i == best % g.length ? 1 : 0;
      }
    };
  }

  /** Coins, the last arm's with a small advantage: what lower bounds are proven with. */
  static RewardSequences coins(long seed, double advantage) {
    RandomStream random = new RandomStream(RandomKey.of(seed).fold("coins"));
    return (t, n, p, previous, g) -> {
      for (int i = 0; i < g.length; i++) {
        double chance = 0.5 + (i == g.length - 1 ? advantage : 0);
        g[i] = random.nextDouble() < chance ? 1 : 0;
      }
    };
  }

  /** The best arm changes at random times, on average ten times. */
  static RewardSequences switching(long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed).fold("switching"));
    int[] best = {0};
    return (t, n, p, previous, g) -> {
      if (random.nextDouble() * n < 10) {
        best[0] = random.nextInt(g.length);
      }
      for (int i = 0; i < g.length; i++) {
        g[i] = i == best[0] ? 0.75 : 0.25;
      }
    };
  }

  /** Arm 0 earns in the first third; afterwards arm 1, which earned nothing, earns everything. */
  static RewardSequences lateBloomer() {
    return (t, n, p, previous, g) -> {
      for (int i = 0; i < g.length; i++) {
        g[i] = (3 * t <= n ? i == 0 : i == Math.min(1, g.length - 1)) ? 1 : 0;
      }
    };
  }

  /** Adaptive: the likeliest arm earns nothing. */
  static RewardSequences punishing() {
    return (t, n, p, previous, g) -> {
      int likeliest = 0;
      for (int i = 0; i < g.length; i++) {
        likeliest = p[i] > p[likeliest] ? i : likeliest;
        g[i] = 1;
      }
      g[likeliest] = 0;
    };
  }

  /** Adaptive: the arm that was just drawn earns nothing, an arm that never changes earns half. */
  static RewardSequences contrary() {
    return (t, n, p, previous, g) -> {
      for (int i = 0; i < g.length; i++) {
        g[i] = i == 0 ? 0.5 : i == previous ? 0 : 0.625;
      }
    };
  }
}
