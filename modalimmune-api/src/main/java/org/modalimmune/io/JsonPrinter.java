package org.modalimmune.io;

import java.util.Iterator;
import java.util.Map;

/** Writes JSON text; an indent below zero means compact. */
final class JsonPrinter {
  private JsonPrinter() {}

  static void print(JsonValue value, StringBuilder out, int indent) {
    switch (value) {
      case JsonValue.JsonObject object -> object(object, out, indent);
      case JsonValue.JsonArray array -> array(array, out, indent);
      case JsonValue.JsonString string -> string(string.value(), out);
      case JsonValue.JsonNumber number -> out.append(number.literal());
      case JsonValue.JsonBoolean bool -> out.append(bool.value());
      case JsonValue.JsonNull ignored -> out.append("null");
    }
  }

  private static void object(JsonValue.JsonObject object, StringBuilder out, int indent) {
    int inner = indent < 0 ? -1 : indent + 1;
    out.append('{');
    Iterator<Map.Entry<String, JsonValue>> members = object.members().entrySet().iterator();
    boolean any = members.hasNext();
    while (members.hasNext()) {
      Map.Entry<String, JsonValue> member = members.next();
      newLine(out, inner);
      string(member.getKey(), out);
      out.append(indent < 0 ? ":" : ": ");
      print(member.getValue(), out, inner);
      if (members.hasNext()) {
        out.append(',');
      }
    }
    if (any) {
      newLine(out, indent);
    }
    out.append('}');
  }

  private static void array(JsonValue.JsonArray array, StringBuilder out, int indent) {
    int inner = indent < 0 ? -1 : indent + 1;
    out.append('[');
    Iterator<JsonValue> elements = array.elements().iterator();
    boolean any = elements.hasNext();
    while (elements.hasNext()) {
      newLine(out, inner);
      print(elements.next(), out, inner);
      if (elements.hasNext()) {
        out.append(',');
      }
    }
    if (any) {
      newLine(out, indent);
    }
    out.append(']');
  }

  private static void newLine(StringBuilder out, int indent) {
    if (indent >= 0) {
      out.append('\n').append("  ".repeat(indent));
    }
  }

  private static void string(String value, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (isUnpaired(value, i)) {
            throw new DataException("JSON: unpaired surrogate in the string '" + value + "'");
          } else if (c < 0x20 || c == 0x7f) {
            out.append("\\u").append(hex(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isUnpaired(String value, int i) {
    char c = value.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 >= value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
  }

  private static String hex(char c) {
    String digits = Integer.toHexString(c);
    return "0".repeat(4 - digits.length()) + digits;
  }
}
