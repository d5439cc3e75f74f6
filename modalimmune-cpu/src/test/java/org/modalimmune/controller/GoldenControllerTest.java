package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modalimmune.nn.GoldenVectors;
import org.modalimmune.nn.GoldenVectors.Case;

/** Against {@code spec/vectors/controller.json}. */
class GoldenControllerTest {
  private static final double U = 0x1p-53;

  static Stream<Case> hedge() {
    return named("hedge ");
  }

  static Stream<Case> exp3Ix() {
    return named("exp3-ix ");
  }

  static Stream<Case> exp3P() {
    return named("exp3.p ");
  }

  static Stream<Case> discountedHedge() {
    return named("discounted-hedge ");
  }

  static Stream<Case> tunedBounds() {
    return named("bound ");
  }

  static Stream<Case> generalBounds() {
    return named("general bound ");
  }

  @ParameterizedTest
  @MethodSource("hedge")
  void hedgeRoundByRound(Case c) {
    fullInformation(c, new Hedge(prior(c), rate(c)), "rewards");
  }

  @ParameterizedTest
  @MethodSource("discountedHedge")
  void discountedHedgeRoundByRound(Case c) {
    DiscountedHedge.Settings settings =
        new DiscountedHedge.Settings(
            c.number("temperature"), c.number("scale"), c.number("mix"), c.number("memory"));
    fullInformation(c, new DiscountedHedge(prior(c), settings), "losses");
  }

  @ParameterizedTest
  @MethodSource("exp3Ix")
  void exp3IxRoundByRound(Case c) {
    bandit(c, new Exp3Ix(prior(c), rate(c)));
  }

  @ParameterizedTest
  @MethodSource("exp3P")
  void exp3PRoundByRound(Case c) {
    Exp3PSettings settings =
        new Exp3PSettings(c.number("rate"), c.number("exploration"), c.number("bias"));
    bandit(c, new Exp3P(prior(c), settings));
  }

  @ParameterizedTest
  @MethodSource("tunedBounds")
  void boundsOfTunedControllersArePublishedOnes(Case c) {
    FixedDistribution uniform = FixedDistribution.uniform(c.size("arms"));
    long rounds = (long) c.number("rounds");
    double delta = c.number("delta");
    bound(c, "hedge", Hedge.forRounds(uniform, rounds), 1);
    bound(c, "hedgeAnytime", Hedge.anytime(uniform), 1);
    bound(c, "exp3ix", Exp3Ix.forRounds(uniform, rounds), 1 - delta);
    bound(c, "exp3ixAnytime", Exp3Ix.anytime(uniform), 1 - delta);
    Exp3PSettings settings = Exp3PSettings.forRounds(c.size("arms"), rounds, delta);
    close(c.number("exp3pRate"), settings.rate());
    close(c.number("exp3pExploration"), settings.exploration());
    close(c.number("exp3pBias"), settings.bias());
    bound(c, "exp3p", Exp3P.forRounds(uniform, rounds, delta), 1 - delta);
    double published = c.number("exp3pPublished");
    assertTrue(published > rounds || c.number("exp3p") <= published, c::name);
  }

  @ParameterizedTest
  @MethodSource("generalBounds")
  void boundsOfAnyPriorAndRate(Case c) {
    LearningRate fixed = LearningRate.fixed(c.number("coefficient"));
    LearningRate falling = LearningRate.decreasing(c.number("coefficient"));
    double confidence = 1 - c.number("delta");
    bound(c, "hedge", new Hedge(prior(c), fixed), 1);
    bound(c, "hedgeFalling", new Hedge(prior(c), falling), 1);
    bound(c, "exp3ix", new Exp3Ix(prior(c), fixed), confidence);
    bound(c, "exp3ixFalling", new Exp3Ix(prior(c), falling), confidence);
    Exp3PSettings settings = new Exp3PSettings(0.03125, 0.25, 0.125);
    bound(c, "exp3p", new Exp3P(prior(c), settings), confidence);
  }

  @Test
  void gains() {
    Case c = only("gains");
    double complete = c.number("complete");
    double[] patterns = c.values("patterns");
    closeAll(c.values("vInformation"), LossGain.V_INFORMATION.of(complete, patterns));
    closeAll(c.values("squaredDifference"), LossGain.SQUARED_DIFFERENCE.of(complete, patterns));
    assertArrayEquals(c.values("patternLoss"), LossGain.PATTERN_LOSS.of(complete, patterns));
  }

  @Test
  void scale() {
    Case c = only("scale");
    RewardScale scale = new RewardScale(c.number("low"), c.number("high"));
    double[] rewards = Arrays.stream(c.values("values")).map(scale::toReward).toArray();
    closeAll(c.values("rewards"), rewards);
    assertEquals(0, rewards[0]);
    assertEquals(1, rewards[1]);
  }

  @Test
  void regretRealisedAndEstimated() {
    Case c = only("regret");
    RegretLedger expected = new RegretLedger(4);
    RegretLedger realised = new RegretLedger(4);
    ImportanceWeightedRegret estimated = new ImportanceWeightedRegret(4);
    for (int t = 0; t < 6; t++) {
      double[] p = row(c, "probabilities", t);
      double[] all = row(c, "all", t);
      expected.addExpected(p, all);
      realised.addDrawn(drawn(c, t), all);
      estimated.add(p, drawn(c, t), row(c, "rewards", t));
    }
    assertEquals(c.number("best"), realised.best(), 16 * U * c.number("best"));
    assertEquals(c.number("expected"), expected.earned(), 64 * U * c.number("best"));
    assertEquals(c.number("earned"), realised.earned(), 64 * U * c.number("best"));
    assertEquals(c.number("expectedRegret"), expected.regret(), 64 * U * c.number("best"));
    assertEquals(c.number("realisedRegret"), realised.regret(), 64 * U * c.number("best"));
    double[] totals = c.values("estimated");
    double largest = Arrays.stream(totals).max().orElseThrow();
    for (int i = 0; i < totals.length; i++) {
      assertEquals(totals[i], estimated.estimatedTotal(i), 64 * U * totals[i]);
    }
    assertEquals(c.number("earned"), estimated.earned(), 64 * U * c.number("best"));
    assertEquals(c.number("estimatedRegret"), estimated.estimatedRegret(), 64 * U * largest);
  }

  private static void fullInformation(Case c, FullInformationController controller, String key) {
    agree(c, 0, controller);
    for (int t = 0; t < c.tensors().get(key).shape().dim(0); t++) {
      controller.observe(row(c, key, t));
      agree(c, t + 1, controller);
    }
  }

  private static void bandit(Case c, BanditController controller) {
    agree(c, 0, controller);
    for (int t = 0; t < c.tensors().get("rewards").shape().dim(0); t++) {
      int[] drawn = drawn(c, t);
      if (drawn.length == 1) {
        controller.observe(drawn[0], row(c, "rewards", t)[0]);
      } else {
        controller.observe(drawn, row(c, "rewards", t));
      }
      agree(c, t + 1, controller);
    }
  }

  /** Within the relative error that the script derives for each round. */
  private static void agree(Case c, int round, ArmDistribution controller) {
    double[] expected = row(c, "probabilities", round);
    double[] actual = controller.probabilities();
    double roundings = c.values("roundings")[round];
    for (int i = 0; i < expected.length; i++) {
      String where = c.name() + ", round " + round + ", arm " + i;
      assertEquals(expected[i], actual[i], roundings * U * expected[i], where);
    }
  }

  private static void bound(Case c, String key, RegretBounded controller, double confidence) {
    long rounds = (long) c.number("rounds");
    RegretBound bound = controller.regretBound(rounds, c.number("delta"));
    close(c.number(key), bound.value());
    assertEquals(confidence, bound.confidence());
    assertEquals(rounds, bound.rounds());
    assertEquals(c.number(key) > rounds, bound.vacuous(), c.name() + " " + key);
  }

  /** Some twenty operations on positive numbers, each of relative error U. */
  private static void close(double expected, double actual) {
    assertEquals(expected, actual, 32 * U * Math.abs(expected));
  }

  private static void closeAll(double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      close(expected[i], actual[i]);
    }
  }

  private static FixedDistribution prior(Case c) {
    return FixedDistribution.of(c.values("prior"));
  }

  private static LearningRate rate(Case c) {
    return new LearningRate(c.number("coefficient"), c.number("decreasing") == 1);
  }

  private static double[] row(Case c, String key, int row) {
    int columns = (int) c.tensors().get(key).shape().dim(1);
    return Arrays.copyOfRange(c.values(key), row * columns, (row + 1) * columns);
  }

  private static int[] drawn(Case c, int row) {
    return Arrays.stream(row(c, "drawn", row)).mapToInt(a -> (int) a).toArray();
  }

  private static Case only(String name) {
    return cases().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private static Stream<Case> named(String prefix) {
    return cases().stream().filter(c -> c.name().startsWith(prefix));
  }

  private static List<Case> cases() {
    return GoldenVectors.read("controller");
  }
}
