package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** What holds for every controller and every sequence of rewards. */
class ControllerPropertiesTest {
  private static final double U = 0x1p-53;

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void probabilitiesAreADistribution(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int arms,
      @ForAll @IntRange(min = 0, max = 60) int rounds) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    FixedDistribution prior = prior(random, arms);
    for (Function<ArmDistribution, ArmDistribution> maker : Controllers.all()) {
      ArmDistribution controller = maker.apply(prior);
      assertEquals(arms, controller.arms());
      for (int t = 0; t < rounds; t++) {
        Controllers.round(controller, zerosAndOnes(random, arms), random);
        requireDistribution(controller);
      }
    }
  }

  @Property(tries = 200)
  void extremeRatesGiveExtremeProbabilitiesAndNothingElse(
      @ForAll @DoubleRange(min = -12, max = 12) double exponent, @ForAll boolean decreasing) {
    LearningRate rate =
        new LearningRate(Math.clamp(Math.pow(10, exponent), 1e-12, 1e12), decreasing);
    FixedDistribution prior = FixedDistribution.of(1e-300, 1, 1e-12);
    Hedge hedge = new Hedge(prior, rate);
    Exp3Ix exp3 = new Exp3Ix(prior, rate);
    for (int t = 0; t < 50; t++) {
      hedge.observe(new double[] {1, 0, t % 2});
      requireDistribution(hedge);
      exp3.observe(t % 3, t % 2);
      requireDistribution(exp3);
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void namesOfArmsDoNotMatter(@ForAll long seed, @ForAll @IntRange(min = 2, max = 7) int arms) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    int[] order = new int[arms];
    Arrays.setAll(order, i -> i);
    random.shuffle(order);
    FixedDistribution prior = prior(random, arms);
    FixedDistribution permutedPrior = FixedDistribution.of(permuted(prior.probabilities(), order));
    for (Function<ArmDistribution, ArmDistribution> maker : Controllers.all()) {
      ArmDistribution a = maker.apply(prior);
      ArmDistribution b = maker.apply(permutedPrior);
      for (int t = 0; t < 10; t++) {
        double[] g = Controllers.uniformDraws(random, arms);
        int first = random.nextInt(arms);
        observe(a, g, order[first]);
        observe(b, permuted(g, order), first);
      }
      // sums in another order differ by K roundings; an estimate is at most 2 in units of the
      // exponent, so each of ten rounds carries errors on at most fivefold and adds a thousand
      double bound = 1e3 * Math.pow(5, 10) * U;
      double[] expected = permuted(a.probabilities(), order);
      for (int i = 0; i < arms; i++) {
        assertEquals(expected[i], b.probabilities()[i], bound * expected[i]);
      }
    }
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void moreRewardNeverMakesAnArmLessLikely(
      @ForAll long seed,
      @ForAll @DoubleRange(max = 1) double low,
      @ForAll @DoubleRange(max = 1) double high) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    FixedDistribution prior = prior(random, 4);
    for (Function<ArmDistribution, ArmDistribution> maker : Controllers.all()) {
      RandomKey key = RandomKey.of(seed).fold("rounds");
      double[] less = after(maker.apply(prior), key, Math.min(low, high));
      double[] more = after(maker.apply(prior), key, Math.max(low, high));
      // up to the rounding of exponents below 50 of two arms, eight times each, and of a softmax
      double slack = (2 * 8 * 51 + 12) * U;
      assertTrue(more[2] >= less[2] * (1 - slack));
      for (int i : new int[] {0, 1, 3}) {
        assertTrue(more[i] <= less[i] * (1 + slack));
      }
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void restoredControllersGoOnWithTheSameBits(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 40) int rounds) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    FixedDistribution prior = prior(random, 5);
    for (Function<ArmDistribution, ArmDistribution> maker : Controllers.all()) {
      ArmDistribution original = maker.apply(prior);
      for (int t = 0; t < rounds; t++) {
        Controllers.round(original, Controllers.uniformDraws(random, 5), random);
      }
      ControllerState saved = original.state();
      ControllerState read = ControllerState.of(saved.kind(), saved.version(), saved.arrays());
      assertEquals(saved, read);
      ArmDistribution restored = maker.apply(prior);
      restored.restore(read);
      assertArrayEquals(original.probabilities(), restored.probabilities());
      for (int t = 0; t < 20; t++) {
        double[] g = Controllers.uniformDraws(random, 5);
        RandomKey key = RandomKey.of(seed).fold(t);
        Controllers.round(original, g, new RandomStream(key));
        Controllers.round(restored, g, new RandomStream(key));
        assertArrayEquals(original.probabilities(), restored.probabilities());
      }
      assertEquals(original.state(), restored.state());
    }
  }

  @Test
  void stableOverAMillionRounds() {
    FixedDistribution prior = FixedDistribution.uniform(3);
    int rounds = 1_000_000;
    List<ArmDistribution> controllers =
        List.of(
            Hedge.forRounds(prior, rounds),
            Hedge.anytime(prior),
            new Hedge(prior, LearningRate.fixed(1)),
            Exp3Ix.forRounds(prior, rounds),
            Exp3Ix.anytime(prior),
            Exp3P.forRounds(prior, rounds, 0.1));
    for (ArmDistribution controller : controllers) {
      RandomStream random = new RandomStream(RandomKey.of(1));
      for (int t = 0; t < rounds; t++) {
        // arm 0 is best in the first half, arm 1 by more in the second
        double[] g = {0.625, t < rounds / 2 ? 0.25 : 1, 0.5};
        Controllers.round(controller, g, random);
        if (t % 100_000 == 0 || t == rounds / 2 - 1) {
          requireDistribution(controller);
        }
        if (t == rounds / 2 - 1) {
          assertTrue(controller.probabilities()[0] > 0.8, () -> at(controller));
        }
      }
      requireDistribution(controller);
      assertEquals(0, Arrays.stream(scores(controller)).max().orElseThrow());
    }
    // cumulative rewards 312500 + 312500 and 125000 + 500000 are equal and exact, so are the
    // weights
    double[] p = controllers.get(2).probabilities();
    assertEquals(p[0], p[1]);
    assertEquals(0.5, p[0], U);
  }

  @Test
  void equalStreamsDrawEqualArmsOneByOneOrTogether() {
    for (Function<ArmDistribution, ArmDistribution> maker : Controllers.all()) {
      ArmDistribution controller = maker.apply(FixedDistribution.of(1, 2, 3, 4));
      RandomStream single = new RandomStream(RandomKey.of(7));
      int[] together = controller.draw(new RandomStream(RandomKey.of(7)), 50);
      int[] counts = new int[4];
      for (int arm : together) {
        assertEquals(arm, controller.draw(single));
        counts[arm]++;
      }
      assertTrue(counts[3] > counts[0], Arrays.toString(counts));
      assertEquals(0, controller.draw(single, 0).length);
    }
  }

  private static String at(ArmDistribution controller) {
    return controller.getClass().getSimpleName() + Arrays.toString(controller.probabilities());
  }

  private static double[] scores(ArmDistribution controller) {
    return controller.state().arrays().get("scores");
  }

  /** After five common rounds and one in which arm 2 earns {@code reward}. */
  private static double[] after(ArmDistribution controller, RandomKey key, double reward) {
    RandomStream random = new RandomStream(key);
    for (int t = 0; t < 5; t++) {
      Controllers.round(controller, Controllers.uniformDraws(random, 4), random);
    }
    double[] g = Controllers.uniformDraws(random, 4);
    g[2] = reward;
    observe(controller, g, 2);
    return controller.probabilities();
  }

  private static void observe(ArmDistribution controller, double[] g, int arm) {
    if (controller instanceof BanditController c) {
      c.observe(arm, g[arm]);
    } else if (controller instanceof FullInformationController c) {
      c.observe(g);
    }
  }

  private static void requireDistribution(ArmDistribution controller) {
    double[] p = controller.probabilities();
    double sum = 0;
    for (double q : p) {
      assertTrue(q >= 0 && q <= 1 + 4 * U, () -> at(controller));
      sum += q;
    }
    assertEquals(1, sum, (2 * p.length + 8) * U, () -> at(controller));
  }

  private static FixedDistribution prior(RandomStream random, int arms) {
    double[] weights = Controllers.uniformDraws(random, arms);
    Arrays.setAll(weights, i -> weights[i] + 0.05);
    return FixedDistribution.of(weights);
  }

  private static double[] zerosAndOnes(RandomStream random, int arms) {
    double[] g = new double[arms];
    Arrays.setAll(g, i -> random.nextInt(2));
    return g;
  }

  private static double[] permuted(double[] x, int[] order) {
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> x[order[i]]);
    return y;
  }
}
