package org.modalimmune.controller;

import java.util.List;
import java.util.function.Function;
import org.modalimmune.random.RandomStream;

/** One controller of every kind, and rounds of feedback that every kind takes. */
final class Controllers {
  private Controllers() {}

  /** Makers of fresh controllers, from a prior. */
  static List<Function<ArmDistribution, ArmDistribution>> all() {
    return List.of(
        prior -> FixedDistribution.of(prior.probabilities()),
        prior -> new DiscountedHedge(prior, new DiscountedHedge.Settings(0.3, 1, 0.2, 0.9)),
        Hedge::anytime,
        prior -> Hedge.forRounds(prior, 100),
        Exp3Ix::anytime,
        prior -> Exp3Ix.forRounds(prior, 100),
        prior -> Exp3P.forRounds(prior, 1000, 0.1));
  }

  /** One round with the given rewards of all arms; bandits draw twice. */
  static void round(ArmDistribution controller, double[] rewards, RandomStream random) {
    switch (controller) {
      case FullInformationController c -> c.observe(rewards);
      case BanditController c -> {
        int[] drawn = c.draw(random, 2);
        c.observe(drawn, new double[] {rewards[drawn[0]], rewards[drawn[1]]});
      }
      case FixedDistribution _ -> {}
    }
  }

  static double[] uniformDraws(RandomStream random, int count) {
    double[] x = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = random.nextDouble();
    }
    return x;
  }
}
