package org.modalimmune.train;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A record of settings as texts by the path of their components, such as {@code noise.isotropic} =
 * {@code 0.3}: the same in every run of the program, and equal for equal settings alone.
 */
final class RecordSettings {
  private RecordSettings() {}

  /**
   * All settings of a record and of the records in it.
   *
   * @param settings a public record of numbers, truth values, texts, enumerations, and collections,
   *     optional values and records of these
   */
  static SortedMap<String, String> of(Record settings) {
    SortedMap<String, String> texts = new TreeMap<>();
    addRecord("", settings, texts);
    return texts;
  }

  private static void addRecord(String path, Record settings, SortedMap<String, String> texts) {
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
      add(name, value(component, settings), texts);
    }
  }

  private static Object value(RecordComponent component, Record settings) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "settings: cannot read " + component + "; is its record public?", e);
    }
  }

  private static void add(String name, Object value, SortedMap<String, String> texts) {
    switch (value) {
      case Record inner -> {
        texts.put(name, inner.getClass().getSimpleName());
        addRecord(name, inner, texts);
      }
      case Optional<?> optional when optional.isPresent() -> add(name, optional.get(), texts);
      case Optional<?> _ -> texts.put(name, "none");
      case Collection<?> values -> texts.put(name, all(values));
      default -> texts.put(name, single(value));
    }
  }

  /** A set's iteration order changes from one start of the JVM to the next. */
  private static String all(Collection<?> values) {
    Stream<String> texts = values.stream().map(RecordSettings::single);
    return (values instanceof Set ? texts.sorted() : texts)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String single(Object value) {
    return switch (value) {
      case Enum<?> choice -> choice.name();
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      case String text -> text;
      default ->
          throw new IllegalArgumentException(
              "settings: needs numbers, texts, enumerations and records of these, got "
                  + value.getClass().getName());
    };
  }
}
