package org.modalimmune.cli;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.train.ImmuneOptions;
import org.modalimmune.train.Methods;
import org.modalimmune.train.TrainingMethod;

/** Finds the methods that a command line names. */
final class MethodNames {
  private MethodNames() {}

  /** The methods in the order named, each once. */
  static List<TrainingMethod> all(String option, List<String> names, ImmuneOptions immune) {
    List<TrainingMethod> chosen = new ArrayList<>();
    for (String name : names) {
      TrainingMethod method = one(option, name, immune);
      if (chosen.stream().anyMatch(m -> m.name().equals(name))) {
        throw new UsageException(option + ": '" + name + "' is named twice; name it once");
      }
      chosen.add(method);
    }
    if (chosen.isEmpty()) {
      throw new UsageException(option + ": none is named; choose from " + known(immune));
    }
    return chosen;
  }

  /** The method of a name. */
  static TrainingMethod one(String option, String name, ImmuneOptions immune) {
    return Methods.all(immune).stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    option
                        + ": "
                        + (name.isBlank()
                            ? "a name is empty"
                            : "there is none named '" + name + "'")
                        + "; choose from "
                        + known(immune)));
  }

  private static List<String> known(ImmuneOptions immune) {
    return Methods.all(immune).stream().map(TrainingMethod::name).toList();
  }
}
