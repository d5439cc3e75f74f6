package org.modalimmune.io;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value (RFC 8259), read strictly: no comments, no trailing commas, no duplicate keys, no
 * unpaired surrogates, bounded depth.
 */
public sealed interface JsonValue {

  /** Nesting that {@link #parse} accepts before it refuses the text. */
  int MAX_DEPTH = 64;

  /**
   * Reads one JSON text.
   *
   * @param text the whole text; white space around the value is allowed
   * @return the value
   * @throws DataException if the text is not exactly one JSON value, repeats a key, or nests deeper
   *     than {@link #MAX_DEPTH}; the message gives the character position
   */
  static JsonValue parse(String text) {
    return new JsonParser(text).parse();
  }

  /**
   * This value as compact JSON text; members keep their order.
   *
   * @return text that {@link #parse} reads back as an equal value
   */
  default String toJson() {
    StringBuilder out = new StringBuilder();
    JsonPrinter.print(this, out, -1);
    return out.toString();
  }

  /**
   * This value as JSON text with one member or element per line, indented by two spaces.
   *
   * @return text that {@link #parse} reads back as an equal value
   */
  default String toPrettyJson() {
    StringBuilder out = new StringBuilder();
    JsonPrinter.print(this, out, 0);
    return out.toString();
  }

  /**
   * An object; iteration follows the order of the text.
   *
   * @param members the members by name
   */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    /** Copies the members, keeping their order. */
    public JsonObject {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /**
   * An array.
   *
   * @param elements the elements in order
   */
  record JsonArray(List<JsonValue> elements) implements JsonValue {
    /** Copies the elements. */
    public JsonArray {
      elements = Collections.unmodifiableList(new ArrayList<>(elements));
    }
  }

  /**
   * A string.
   *
   * @param value the text without quotes or escapes
   */
  record JsonString(String value) implements JsonValue {}

  /**
   * A number, kept as its text so that 64-bit integers survive unrounded.
   *
   * @param literal the number in JSON's grammar
   */
  record JsonNumber(String literal) implements JsonValue {
    /** Refuses text that is not a JSON number. */
    public JsonNumber {
      if (!JsonParser.isNumber(literal)) {
        throw new DataException("JSON: '" + literal + "' is not a number in JSON's grammar");
      }
    }

    /**
     * A number from an integer.
     *
     * @param value any value
     * @return the number
     */
    public static JsonNumber of(long value) {
      return new JsonNumber(Long.toString(value));
    }

    /**
     * A number from a finite double, in the shortest text that reads back as the same double.
     *
     * @param value a finite value
     * @return the number
     * @throws DataException if the value is NaN or infinite: JSON has no text for these
     */
    public static JsonNumber of(double value) {
      if (!Double.isFinite(value)) {
        throw new DataException(
            "JSON: has no number for " + value + "; leave the member out or write null");
      }
      return new JsonNumber(Double.toString(value));
    }

    /**
     * The value as an exact 64-bit integer.
     *
     * @return the integer
     * @throws DataException if the text has a fraction or exponent or does not fit 64 bits
     */
    public long longValue() {
      try {
        return Long.parseLong(literal);
      } catch (NumberFormatException e) {
        throw new DataException("JSON: '" + literal + "' is not a 64-bit integer", e);
      }
    }

    /**
     * The value rounded to the nearest double.
     *
     * @return the double; infinite if the text is out of range
     */
    public double doubleValue() {
      return Double.parseDouble(literal);
    }
  }

  /**
   * True or false.
   *
   * @param value the truth value
   */
  record JsonBoolean(boolean value) implements JsonValue {}

  /** The value {@code null}. */
  record JsonNull() implements JsonValue {}
}
