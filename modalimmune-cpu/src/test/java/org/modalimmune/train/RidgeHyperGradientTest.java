package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modalimmune.hypergradient.HyperGradient;
import org.modalimmune.hypergradient.InnerSolve;
import org.modalimmune.random.RandomKey;

/** The tuner on a problem whose hyper-gradient is known: {@link RidgeProblem}. */
class RidgeHyperGradientTest {
  private static final RandomKey KEY = RandomKey.of(9);
  private static final List<String> NAMES =
      List.of(
          "noise",
          "weight",
          "severity",
          "pattern.1",
          "pattern.2",
          "decay.encoder.x",
          "decay.shared");

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void isTheDerivativeOfTheOuterLossAtTheInnerMinimiser(String backend) {
    for (long seed = 1; seed <= 5; seed++) {
      try (RidgeProblem problem = new RidgeProblem(backend, seed)) {
        double[] truth = problem.truth();
        HyperGradient g =
            problem.tuner(RidgeProblem.options(1e-3, 60)).tuner().compute(problem.allRows(), KEY);
        double[] bounds = g.componentBounds().orElseThrow();
        assertEquals(InnerSolve.Coverage.EXACT, g.coverage());
        for (int i = 0; i < truth.length; i++) {
          // the differences err by h^4 of a fifth derivative, h = 2^-7
          double difference = 1e-7;
          assertEquals(truth[i], g.value()[i], bounds[i] + difference, NAMES.get(i));
        }
        // the encoder does not reach the loss
        assertEquals(0, g.value()[5], 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void theFirstStepMovesEverySettingAgainstItsDerivative(String backend) {
    for (long seed = 1; seed <= 5; seed++) {
      try (RidgeProblem problem = new RidgeProblem(backend, seed)) {
        double[] truth = problem.truth();
        RidgeProblem.Tuned tuned = problem.tuner(RidgeProblem.options(1e-3, 60));
        SortedMap<String, Double> before = tuned.tuner().settings();
        double decayBefore = problem.optimizer.weightDecay("shared");
        tuned.tuner().adapt(problem.allRows(), KEY, 1, 100);
        SortedMap<String, Double> after = tuned.tuner().settings();
        for (int i = 0; i < NAMES.size(); i++) {
          String name = NAMES.get(i);
          double moved = unconstrained(name, after) - unconstrained(name, before);
          // Adam's first step has the full length; the weights' own rounding
          assertEquals(-0.1 * Math.signum(truth[i]), moved, 1e-12, name + " of seed " + seed);
        }
        assertEquals(
            decayBefore * Math.exp(-0.1 * Math.signum(truth[6])),
            problem.optimizer.weightDecay("shared"),
            1e-12);
        assertEquals(1, after.get("hypergradient.certified"));
      }
    }
  }

  private static double unconstrained(String name, SortedMap<String, Double> settings) {
    double value = settings.get(name);
    return name.equals("severity") ? Math.log(value / (1 - value)) : Math.log(value);
  }

  @Test
  void aSolveWithoutACertificateMovesNothingAndIsCounted() {
    try (RidgeProblem problem = new RidgeProblem("reference", 1)) {
      RidgeProblem.Tuned tuned = problem.tuner(RidgeProblem.options(1e-3, 1));
      SortedMap<String, Double> before = tuned.tuner().settings();
      double decay = problem.optimizer.weightDecay("shared");
      tuned.tuner().adapt(problem.allRows(), KEY, 1, 100);
      SortedMap<String, Double> after = tuned.tuner().settings();
      for (String name : NAMES) {
        assertEquals(before.get(name), after.get(name), name);
      }
      assertEquals(decay, problem.optimizer.weightDecay("shared"));
      assertEquals(1, after.get("hypergradient.attempts"));
      assertEquals(0, after.get("hypergradient.certified"));
    }
  }

  @Test
  void aFlatOuterLossMovesNothing() {
    try (RidgeProblem problem = new RidgeProblem("reference", 1)) {
      problem.spoil = 0;
      HyperGradientTuner tuner = problem.tuner(RidgeProblem.options(1e-3, 60)).tuner();
      SortedMap<String, Double> before = tuner.settings();
      tuner.adapt(problem.allRows(), KEY, 1, 100);
      NAMES.forEach(name -> assertEquals(before.get(name), tuner.settings().get(name), name));
      assertEquals(1, tuner.settings().get("hypergradient.certified"));
      assertEquals(0, tuner.settings().get("hypergradient.products-per-attempt"));
    }
  }

  @Test
  void valuesThatAreNotFiniteEndTheRunAndMoveNothing() {
    for (double spoil : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      try (RidgeProblem problem = new RidgeProblem("reference", 1)) {
        HyperGradientTuner tuner = problem.tuner(RidgeProblem.options(1e-3, 60)).tuner();
        SortedMap<String, Double> before = tuner.settings();
        problem.spoil = spoil;
        String message =
            assertThrows(
                    TrainingDivergedException.class,
                    () -> tuner.adapt(problem.allRows(), KEY, 7, 100))
                .getMessage();
        assertTrue(message.contains("step 7") && message.contains("must be finite"), message);
        assertEquals(before, tuner.settings());
      }
    }
  }

  @Test
  void computesOnlyWhenDue() {
    try (RidgeProblem problem = new RidgeProblem("reference", 1)) {
      HyperGradientOptions every =
          new HyperGradientOptions(
              RidgeProblem.options(1e-3, 60).adapted(), 4, 0.5, 0.05, 1e-3, 60, 0.1, 1e-4);
      HyperGradientTuner tuner = problem.tuner(every).tuner();
      double[] attempts =
          Stream.iterate(0, s -> s + 1)
              .limit(20)
              .mapToDouble(
                  step -> {
                    tuner.adapt(problem.allRows(), KEY, step, 20);
                    return tuner.settings().get("hypergradient.attempts");
                  })
              .toArray();
      // from step 10 on, every fourth: 12 and 16
      double[] expected = new double[20];
      for (int i = 12; i < 20; i++) {
        expected[i] = i < 16 ? 1 : 2;
      }
      assertArrayEquals(expected, attempts);
    }
  }

  @Test
  void settingsThatDoNotMoveAreNumbers() {
    try (RidgeProblem problem = new RidgeProblem("reference", 1)) {
      HyperGradientTuner tuner =
          problem.tuner(RidgeProblem.options(1e-3, 60).adapting(Set.of(MetaGroup.NOISE))).tuner();
      HyperGradient g = tuner.compute(problem.allRows(), KEY);
      assertEquals(1, g.value().length);
      assertEquals(problem.truth()[0], g.value()[0], g.componentBounds().orElseThrow()[0] + 1e-7);
    }
  }
}
