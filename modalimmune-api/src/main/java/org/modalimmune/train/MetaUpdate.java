package org.modalimmune.train;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adam's update of unconstrained settings (Kingma and Ba, ICLR 2015, algorithm 1) with short
 * memories, since there are few steps: u = u - length m / (sqrt(v) + epsilon), both averages
 * corrected for their start.
 */
final class MetaUpdate {
  private static final double BETA1 = 0.8;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-30;

  private final List<MetaParameter> parameters;
  private final double length;
  private final double[] first;
  private final double[] second;
  private long steps;

  MetaUpdate(List<MetaParameter> parameters, double length) {
    this.parameters = List.copyOf(parameters);
    this.length = length;
    this.first = new double[parameters.size()];
    this.second = new double[parameters.size()];
  }

  /** Moves every setting against its derivative. */
  void apply(double[] gradient) {
    steps++;
    for (int i = 0; i < first.length; i++) {
      first[i] = BETA1 * first[i] + (1 - BETA1) * gradient[i];
      second[i] = BETA2 * second[i] + (1 - BETA2) * gradient[i] * gradient[i];
      double mean = first[i] / (1 - Math.pow(BETA1, (double) steps));
      double square = second[i] / (1 - Math.pow(BETA2, (double) steps));
      parameters.get(i).move(-length * mean / (Math.sqrt(square) + EPSILON));
    }
  }

  /** The settings, their averages [n] and the number of updates. */
  TrainingState state() {
    return TrainingState.of(
        Map.of(
            "settings",
            parameters.stream().mapToDouble(MetaParameter::unconstrained).toArray(),
            "first",
            first,
            "second",
            second,
            "steps",
            new double[] {steps}));
  }

  /**
   * Continues from a state.
   *
   * @throws IllegalArgumentException if it is of other settings
   */
  void restore(TrainingState state) {
    state.requireOnly(Set.of("settings", "first", "second", "steps"));
    double[] settings = state.array("settings", parameters.size());
    System.arraycopy(state.array("first", first.length), 0, first, 0, first.length);
    System.arraycopy(state.array("second", second.length), 0, second, 0, second.length);
    steps = state.count("steps");
    for (int i = 0; i < settings.length; i++) {
      parameters.get(i).restore(settings[i]);
    }
  }
}
