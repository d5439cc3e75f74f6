package org.modalimmune.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recursive-descent reader of RFC 8259 text with bounded depth. */
final class JsonParser {
  private final String text;
  private int at;

  JsonParser(String text) {
    this.text = text;
  }

  JsonValue parse() {
    JsonValue value = value(0);
    skipSpace();
    if (at < text.length()) {
      throw wrong("text after the end of the value");
    }
    return value;
  }

  static boolean isNumber(String literal) {
    JsonParser parser = new JsonParser(literal);
    return parser.scanNumber() && parser.at == literal.length();
  }

  private JsonValue value(int depth) {
    if (depth > JsonValue.MAX_DEPTH) {
      throw wrong("nested deeper than " + JsonValue.MAX_DEPTH + " levels");
    }
    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new JsonValue.JsonString(string());
      case 't' -> word("true", new JsonValue.JsonBoolean(true));
      case 'f' -> word("false", new JsonValue.JsonBoolean(false));
      case 'n' -> word("null", new JsonValue.JsonNull());
      default -> number();
    };
  }

  private JsonValue object(int depth) {
    at++;
    Map<String, JsonValue> members = new LinkedHashMap<>();
    skipSpace();
    if (peek() == '}') {
      at++;
      return new JsonValue.JsonObject(members);
    }
    while (true) {
      skipSpace();
      if (peek() != '"') {
        throw wrong("a member must start with a quoted name");
      }
      String name = string();
      skipSpace();
      if (peek() != ':') {
        throw wrong("':' expected after the name '" + name + "'");
      }
      at++;
      if (members.containsKey(name)) {
        throw wrong("the name '" + name + "' occurs twice in one object");
      }
      members.put(name, value(depth + 1));
      skipSpace();
      char next = peek();
      at++;
      if (next == '}') {
        return new JsonValue.JsonObject(members);
      }
      if (next != ',') {
        at--;
        throw wrong("',' or '}' expected");
      }
    }
  }

  private JsonValue array(int depth) {
    at++;
    List<JsonValue> elements = new ArrayList<>();
    skipSpace();
    if (peek() == ']') {
      at++;
      return new JsonValue.JsonArray(elements);
    }
    while (true) {
      elements.add(value(depth + 1));
      skipSpace();
      char next = peek();
      at++;
      if (next == ']') {
        return new JsonValue.JsonArray(elements);
      }
      if (next != ',') {
        at--;
        throw wrong("',' or ']' expected");
      }
    }
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      if (at >= text.length()) {
        throw wrong("string is not closed");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        checkSurrogates(out);
        return out.toString();
      }
      if (c < 0x20) {
        at--;
        throw wrong("control character inside a string; write it as an escape");
      }
      out.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() {
    if (at >= text.length()) {
      throw wrong("string is not closed");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> {
        at--;
        throw wrong("unknown escape");
      }
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = at < text.length() ? text.charAt(at) : ' ';
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw wrong("four hexadecimal digits expected after \\u");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private void checkSurrogates(CharSequence out) {
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < out.length()
          && Character.isLowSurrogate(out.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw wrong("unpaired surrogate in a string");
      }
    }
  }

  private JsonValue word(String word, JsonValue value) {
    if (!text.startsWith(word, at)) {
      throw wrong("a JSON value expected");
    }
    at += word.length();
    return value;
  }

  private JsonValue number() {
    int start = at;
    if (!scanNumber()) {
      throw wrong("a JSON value expected");
    }
    return new JsonValue.JsonNumber(text.substring(start, at));
  }

  private boolean scanNumber() {
    if (at < text.length() && text.charAt(at) == '-') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '0') {
      at++;
    } else if (!scanDigits()) {
      return false;
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      if (!scanDigits()) {
        return false;
      }
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      return scanDigits();
    }
    return true;
  }

  private boolean scanDigits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at > start;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong("text ends too early");
    }
    return text.charAt(at);
  }

  private DataException wrong(String what) {
    return new DataException("JSON: " + what + " (at character " + at + ")");
  }
}
