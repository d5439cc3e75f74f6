package org.modalimmune.architecture;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which packages a package may use: a floor stands only on the floors below it.
 *
 * @param allowed for each package, the other packages that it may use
 */
record Floors(Map<String, Set<String>> allowed) {

  /** The floors of the api; names are relative to {@code org.modalimmune}. */
  static Floors ofApi() {
    return new Floors(
        Map.ofEntries(
            floor("annotation"),
            floor("random", "annotation"),
            floor("tensor", "annotation"),
            floor("backend.kernel", "annotation", "random", "tensor"),
            floor("backend", "annotation", "random", "tensor", "backend.kernel"),
            floor("autodiff", "annotation", "random", "tensor", "backend", "backend.kernel"),
            // The operators stand beside nn, not on it: each is usable from code that has its own
            // model.
            floor(
                "collapse",
                "annotation",
                "random",
                "tensor",
                "backend",
                "backend.kernel",
                "autodiff"),
            floor(
                "controller",
                "annotation",
                "random",
                "tensor",
                "backend",
                "backend.kernel",
                "autodiff"),
            // The freeze rests on the Lanczos bound and the operators of the hyper-gradient.
            floor(
                "masking",
                "annotation",
                "random",
                "tensor",
                "backend",
                "backend.kernel",
                "autodiff",
                "hypergradient"),
            floor(
                "hypergradient",
                "annotation",
                "random",
                "tensor",
                "backend",
                "backend.kernel",
                "autodiff"),
            floor("nn", "annotation", "random", "tensor", "backend", "backend.kernel", "autodiff"),
            floor(
                "optim",
                "annotation",
                "random",
                "tensor",
                "backend",
                "backend.kernel",
                "autodiff",
                "nn"),
            floor("io", "annotation", "tensor"),
            floor("data", "annotation", "random", "tensor", "backend", "io"),
            floor(
                "evaluate",
                "annotation",
                "random",
                "tensor",
                "backend",
                "backend.kernel",
                "autodiff",
                "nn",
                "data"),
            floor(
                "train",
                "annotation",
                "random",
                "tensor",
                "backend",
                "backend.kernel",
                "autodiff",
                "nn",
                "collapse",
                "controller",
                "masking",
                "hypergradient",
                "optim",
                "io",
                "data",
                "evaluate")));
  }

  /**
   * One line for each dependency that is not allowed and for each package that is not in the table.
   *
   * @param dependencies for each package, the packages it uses; itself may be among them
   */
  List<String> violations(Map<String, Set<String>> dependencies) {
    List<String> violations = new ArrayList<>();
    dependencies.forEach(
        (user, used) -> {
          Set<String> floor = allowed.get(user);
          if (floor == null) {
            violations.add(user + " is not in the table of " + Floors.class + "; add its row");
            return;
          }
          used.stream()
              .filter(name -> !name.equals(user) && !floor.contains(name))
              .map(name -> user + " must not use " + name)
              .forEach(violations::add);
        });
    return violations;
  }

  private static Map.Entry<String, Set<String>> floor(String name, String... below) {
    return Map.entry(
        qualified(name), Stream.of(below).map(Floors::qualified).collect(toUnmodifiableSet()));
  }

  private static String qualified(String name) {
    return "org.modalimmune." + name;
  }
}
