package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;
import org.modalimmune.io.DataException;
import tools.jackson.databind.JsonNode;

/**
 * A value inside a JSON document together with the way to it, for messages.
 *
 * @param node the value
 * @param path file and field names down to it
 */
record JsonPlace(JsonNode node, String path) {

  JsonPlace at(String field) {
    return find(field).orElseThrow(() -> wrong("the field \"" + field + "\" is missing"));
  }

  /** The field's value, if the field is there and not null. */
  Optional<JsonPlace> find(String field) {
    if (!node.isObject()) {
      throw wrong("an object is needed");
    }
    return node.optional(field)
        .filter(child -> !child.isNull())
        .map(child -> new JsonPlace(child, path + (path.endsWith(": ") ? "" : ".") + field));
  }

  String text(String field) {
    JsonPlace child = at(field);
    if (!child.node.isString()) {
      throw child.wrong("a string is needed");
    }
    return child.node.stringValue();
  }

  double number(String field) {
    return at(field).number();
  }

  OptionalDouble optionalNumber(String field) {
    return find(field)
        .map(child -> OptionalDouble.of(child.number()))
        .orElse(OptionalDouble.empty());
  }

  double number() {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong("a finite number is needed");
    }
    return node.doubleValue();
  }

  int integer(String field) {
    JsonPlace child = at(field);
    if (!child.node.isIntegralNumber() || !child.node.canConvertToInt()) {
      throw child.wrong("a whole number is needed");
    }
    return child.node.intValue();
  }

  long longInteger() {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrong("a whole number is needed");
    }
    return node.longValue();
  }

  String text() {
    if (!node.isString()) {
      throw wrong("a string is needed");
    }
    return node.stringValue();
  }

  <T> List<T> list(String field, Function<JsonPlace, T> convert) {
    JsonPlace child = at(field);
    if (!child.node.isArray()) {
      throw child.wrong("an array is needed");
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < child.node.size(); i++) {
      values.add(convert.apply(new JsonPlace(child.node.get(i), child.path + "[" + i + "]")));
    }
    return values;
  }

  <T> List<T> optionalList(String field, Function<JsonPlace, T> convert) {
    return find(field).isPresent() ? list(field, convert) : List.of();
  }

  <T> Map<String, T> map(String field, Function<JsonPlace, T> convert) {
    Map<String, T> values = new LinkedHashMap<>();
    Optional<JsonPlace> child = find(field);
    if (child.isPresent()) {
      if (!child.get().node.isObject()) {
        throw child.get().wrong("an object is needed");
      }
      for (String name : child.get().node.propertyNames()) {
        values.put(name, convert.apply(child.get().at(name)));
      }
    }
    return values;
  }

  /** Runs a constructor that checks its arguments and names this place if it refuses them. */
  <T> T checked(Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      throw new DataException(path + ": " + e.getMessage(), e);
    }
  }

  DataException wrong(String rule) {
    String found = node.toString();
    return new DataException(
        path
            + (path.endsWith(": ") ? "" : ": ")
            + rule
            + ", found "
            + (found.length() > 60 ? found.substring(0, 60) + "..." : found));
  }
}
