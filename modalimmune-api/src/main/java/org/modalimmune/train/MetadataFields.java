package org.modalimmune.train;

import java.util.List;
import java.util.Map;
import org.modalimmune.io.DataException;
import org.modalimmune.io.JsonValue;
import org.modalimmune.io.JsonValue.JsonArray;
import org.modalimmune.io.JsonValue.JsonNumber;
import org.modalimmune.io.JsonValue.JsonObject;
import org.modalimmune.io.JsonValue.JsonString;

/**
 * Typed access to a JSON object of a file's metadata; whatever is missing or of another type is
 * refused with the file and the field.
 *
 * @param place the file and the metadata entry, for messages
 * @param members the object
 */
record MetadataFields(String place, Map<String, JsonValue> members) {
  /** Parses an entry of the metadata. */
  static MetadataFields of(String file, String entry, Map<String, String> metadata) {
    String text = metadata.get(entry);
    String place = file + ": metadata '" + entry + "'";
    if (text == null) {
      throw new DataException(place + " is missing; the model file is damaged, train it again");
    }
    return of(place, parse(place, text));
  }

  private static JsonValue parse(String place, String text) {
    try {
      return JsonValue.parse(text);
    } catch (DataException e) {
      throw new DataException(place + ": " + e.getMessage(), e);
    }
  }

  private static MetadataFields of(String place, JsonValue value) {
    if (value instanceof JsonObject object) {
      return new MetadataFields(place, object.members());
    }
    throw wrong(place, "an object");
  }

  String text(String name) {
    return text(place + ", '" + name + "'", get(name));
  }

  List<String> texts(String name) {
    String where = place + ", '" + name + "'";
    return array(where, get(name)).stream().map(v -> text(where, v)).toList();
  }

  long integer(String name) {
    String where = place + ", '" + name + "'";
    if (get(name) instanceof JsonNumber number) {
      try {
        return number.longValue();
      } catch (DataException e) {
        throw new DataException(where + ": " + e.getMessage(), e);
      }
    }
    throw wrong(where, "an integer");
  }

  int integer(String name, int low, int high) {
    long value = integer(name);
    if (value < low || value > high) {
      throw new DataException(
          place + ", '" + name + "': must be from " + low + " to " + high + ", got " + value);
    }
    return (int) value;
  }

  double number(String name) {
    return number(place + ", '" + name + "'", get(name));
  }

  List<Double> numbers(String name) {
    String where = place + ", '" + name + "'";
    return array(where, get(name)).stream().map(v -> number(where, v)).toList();
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  MetadataFields object(String name) {
    return of(place + ", '" + name + "'", get(name));
  }

  List<MetadataFields> objects(String name) {
    String where = place + ", '" + name + "'";
    return array(where, get(name)).stream().map(v -> of(where, v)).toList();
  }

  private JsonValue get(String name) {
    JsonValue value = members.get(name);
    if (value == null) {
      throw new DataException(
          place + ": has no '" + name + "'; the model file is damaged, train it again");
    }
    return value;
  }

  private static List<JsonValue> array(String where, JsonValue value) {
    if (value instanceof JsonArray array) {
      return array.elements();
    }
    throw wrong(where, "an array");
  }

  private static String text(String where, JsonValue value) {
    if (value instanceof JsonString string) {
      return string.value();
    }
    throw wrong(where, "a string");
  }

  private static double number(String where, JsonValue value) {
    if (value instanceof JsonNumber number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(where, "a finite number");
  }

  private static DataException wrong(String where, String wanted) {
    return new DataException(where + ": must be " + wanted + "; the model file is damaged");
  }
}
