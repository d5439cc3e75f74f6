package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.modalimmune.controller.ControllerState;
import org.modalimmune.controller.Exp3Ix;
import org.modalimmune.controller.FixedDistribution;

class TrainingStateTest {
  private static TrainingState state(String name, double... values) {
    return TrainingState.of(Map.of(name, values));
  }

  private static void refused(String fragment, Runnable action) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, action::run, fragment).getMessage());
    assertTrue(message.contains(fragment), message);
  }

  @Property(tries = 100)
  void partsComeBackAsTheyWere(
      @ForAll @Size(max = 4)
          Map<@AlphaChars @NotEmpty String, Map<@AlphaChars @NotEmpty String, double[]>> arrays) {
    Map<String, TrainingState> parts = new HashMap<>();
    arrays.forEach(
        (part, within) -> {
          within.values().removeIf(v -> !Arrays.stream(v).allMatch(Double::isFinite));
          parts.put(part, TrainingState.of(within));
        });
    TrainingState joined = TrainingState.ofParts(parts);
    joined.requireOnly(parts.keySet());
    parts.forEach((name, part) -> assertEquals(part, joined.part(name)));
    assertEquals(joined, TrainingState.of(joined.arrays()));
  }

  @Test
  void nobodyElseCanChangeIt() {
    double[] values = {1, -0.0};
    TrainingState state = state("a", values);
    values[0] = 7;
    state.array("a")[0] = 7;
    state.arrays().get("a")[0] = 7;
    assertArrayEquals(new double[] {1, -0.0}, state.array("a", 2));
    assertNotEquals(state, state("a", 1, 0.0));
    assertNotEquals(state, state("b", 1, -0.0));
    assertEquals(TrainingState.empty(), TrainingState.of(Map.of()));
  }

  @Test
  void whatIsNotThereOrOfAnotherKindIsRefused() {
    TrainingState state = TrainingState.ofParts(Map.of("p", state("n", 3), "q", state("n", 0.5)));
    assertEquals(3, state.part("p").count("n"));
    assertTrue(state.has("p.n") && !state.has("n"));
    refused("has no 'm'", () -> state.part("p").array("m"));
    refused("needs 2 values, got 1", () -> state.part("p").array("n", 2));
    refused("count, got 0.5", () -> state.part("q").count("n"));
    refused("count, got -1.0", () -> state("n", -1).count("n"));
    refused("count, got 1.0E16", () -> state("n", 1e16).count("n"));
    refused("'q.n'", () -> state.requireOnly(Set.of("p")));
    refused("full stop", () -> TrainingState.ofParts(Map.of("a.b", TrainingState.empty())));
    refused("got NaN at place 1", () -> state("n", 0, Double.NaN));
    refused("got Infinity", () -> state("n", Double.POSITIVE_INFINITY));
  }

  @Test
  void statesOfControllersComeBack() {
    Exp3Ix bandit = Exp3Ix.forRounds(FixedDistribution.uniform(3), 100);
    bandit.observe(new int[] {2}, new double[] {0.3});
    ControllerState state = bandit.state();
    assertEquals(state, ControllerStates.ofTraining(ControllerStates.toTraining(state)));
    refused("nothing", () -> ControllerStates.ofTraining(TrainingState.empty()));
    refused("got a", () -> ControllerStates.ofTraining(state("a", 1)));
    refused("got a/b/c", () -> ControllerStates.ofTraining(state("a/b/c", 1)));
    TrainingState two = TrainingState.of(Map.of("a/1/x", new double[1], "b/1/x", new double[1]));
    refused("got b/1/x", () -> ControllerStates.ofTraining(two));
    TrainingState versions =
        TrainingState.of(Map.of("a/1/x", new double[1], "a/2/x", new double[1]));
    refused("got a/2/x", () -> ControllerStates.ofTraining(versions));
  }
}
