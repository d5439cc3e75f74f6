package org.modalimmune.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Constants of an enum as options name them: lower case with dashes, such as {@code zero-input}.
 *
 * @param <E> the enum
 */
final class ChoiceNames<E extends Enum<E>> {
  /** Stands alone in a list for an empty one. */
  static final String NONE = "none";

  private final String option;
  private final List<E> constants;

  /** Names of an enum's constants for one option. */
  ChoiceNames(String option, Class<E> type) {
    this.option = option;
    this.constants = List.of(type.getEnumConstants());
  }

  /** Name of a constant. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Names of all of a list. */
  static List<String> of(List<? extends Enum<?>> constants) {
    return constants.stream().map(ChoiceNames::of).toList();
  }

  /** The constant of a name. */
  E one(String name) {
    return find(name, of(constants));
  }

  /** The constants of a list in its order, each named once; none for the list {@code none}. */
  Set<E> all(List<String> names) {
    if (names.equals(List.of(NONE))) {
      return Set.of();
    }
    if (names.contains(NONE)) {
      throw new UsageException(option + ": 'none' must stand alone, got " + names);
    }
    return each(names, Stream.concat(of(constants).stream(), Stream.of(NONE)).toList());
  }

  /** The constants of a list in its order, each named once and at least one. */
  Set<E> some(List<String> names) {
    if (names.isEmpty()) {
      throw new UsageException(option + ": none is named; choose from " + of(constants));
    }
    return each(names, of(constants));
  }

  private Set<E> each(List<String> names, List<String> choices) {
    Set<E> chosen = new LinkedHashSet<>();
    for (String name : names) {
      if (!chosen.add(find(name, choices))) {
        throw new UsageException(option + ": '" + name + "' is named twice; name it once");
      }
    }
    return chosen;
  }

  private E find(String name, List<String> choices) {
    String what = name.isBlank() ? "a name is empty" : "there is none named '" + name + "'";
    return constants.stream()
        .filter(c -> of(c).equals(name))
        .findFirst()
        .orElseThrow(() -> new UsageException(option + ": " + what + "; choose from " + choices));
  }
}
