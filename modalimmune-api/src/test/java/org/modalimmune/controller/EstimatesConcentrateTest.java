package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * The two inequalities that the bandit bounds rest on, at their stated frequency. Unlike the bounds
 * themselves they are nearly tight, so that misses do occur. Arm 1 of two never has anything to
 * estimate, so the difference of the scores is the estimate of arm 0.
 */
class EstimatesConcentrateTest {
  private static final int RUNS = 20_000;

  /** Five standard deviations; seeds are fixed. */
  private static final double SIGMAS = 5;

  /** Neu (2015), lemma 1: sum of l~ - l exceeds ln(1 / delta) / (2 gamma) at most that often. */
  @Test
  void implicitExplorationSeldomOverestimatesLosses() {
    FixedDistribution prior = FixedDistribution.of(1, 3);
    for (int draws : new int[] {1, 3}) {
      for (double delta : new double[] {0.8, 0.3}) {
        double eta = 0.5;
        int misses = 0;
        for (int run = 0; run < RUNS; run++) {
          RandomStream random = new RandomStream(RandomKey.of(run));
          Exp3Ix controller = new Exp3Ix(prior, LearningRate.fixed(eta));
          double losses = 0;
          for (int t = 0; t < 4; t++) {
            round(controller, draws, 0, 1, random);
            losses += 1;
          }
          double[] scores = controller.state().arrays().get("scores");
          // several draws make the estimate draws times as sure
          double allowed = Math.log(1 / delta) / (eta * draws);
          misses += scores[1] - scores[0] - losses > allowed ? 1 : 0;
        }
        require(misses, delta, draws);
      }
    }
  }

  /** Bubeck and Cesa-Bianchi (2012), lemma 3.1: sum of g - g~ exceeds ln(1 / delta) / beta. */
  @Test
  void biasedEstimatesSeldomUnderestimateRewards() {
    for (int draws : new int[] {1, 3}) {
      for (double delta : new double[] {0.8, 0.3}) {
        Exp3PSettings settings = new Exp3PSettings(1e-6, 0.05, 0.05);
        int misses = 0;
        for (int run = 0; run < RUNS; run++) {
          RandomStream random = new RandomStream(RandomKey.of(run));
          Exp3P controller = new Exp3P(FixedDistribution.of(1, 4), settings);
          double rewards = 0;
          double other = 0;
          for (int t = 0; t < 50; t++) {
            other += settings.bias() / controller.probabilities()[1];
            round(controller, draws, 1, 0, random);
            rewards += 1;
          }
          double[] scores = controller.state().arrays().get("scores");
          double estimate = scores[0] - scores[1] + other;
          misses += rewards - estimate > Math.log(1 / delta) / (settings.bias() * draws) ? 1 : 0;
        }
        require(misses, delta, draws);
      }
    }
  }

  private static void round(
      BanditController controller, int draws, double first, double second, RandomStream random) {
    int[] drawn = controller.draw(random, draws);
    double[] rewards = new double[draws];
    for (int r = 0; r < draws; r++) {
      rewards[r] = drawn[r] == 0 ? first : second;
    }
    controller.observe(drawn, rewards);
  }

  private static void require(int misses, double delta, int draws) {
    String found = misses + " of " + RUNS + " at " + delta + " with " + draws + " draws";
    assertTrue(misses <= RUNS * delta + SIGMAS * Math.sqrt(RUNS * delta * (1 - delta)), found);
    assertTrue(misses > 0, found);
  }
}
