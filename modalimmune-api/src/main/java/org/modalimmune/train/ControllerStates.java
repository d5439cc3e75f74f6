package org.modalimmune.train;

import java.util.Map;
import java.util.TreeMap;
import org.modalimmune.controller.ControllerState;

/** States of controllers as states of training: an array {@code kind/version/name} for each. */
final class ControllerStates {
  private ControllerStates() {}

  static TrainingState toTraining(ControllerState state) {
    Map<String, double[]> arrays = new TreeMap<>();
    state
        .arrays()
        .forEach(
            (name, values) ->
                arrays.put(state.kind() + "/" + state.version() + "/" + name, values));
    return TrainingState.of(arrays);
  }

  /**
   * The inverse.
   *
   * @throws IllegalArgumentException if the arrays are not those of one state
   */
  static ControllerState ofTraining(TrainingState state) {
    Map<String, double[]> arrays = new TreeMap<>();
    String kind = "";
    String version = "";
    for (Map.Entry<String, double[]> array : state.arrays().entrySet()) {
      String[] path = array.getKey().split("/", -1);
      boolean fits =
          path.length == 3
              && path[1].matches("[0-9]{1,9}")
              && (arrays.isEmpty() || (path[0].equals(kind) && path[1].equals(version)));
      if (!fits) {
        throw refused(array.getKey());
      }
      kind = path[0];
      version = path[1];
      arrays.put(path[2], array.getValue());
    }
    if (arrays.isEmpty()) {
      throw refused("nothing");
    }
    return ControllerState.of(kind, Integer.parseInt(version), arrays);
  }

  private static IllegalArgumentException refused(String name) {
    return new IllegalArgumentException(
        "controller state: needs arrays kind/version/name of one kind and version, got " + name);
  }
}
