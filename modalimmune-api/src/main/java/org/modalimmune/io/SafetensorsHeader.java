package org.modalimmune.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON header of a safetensors file, checked against the length of its data section. */
record SafetensorsHeader(Map<String, SafetensorsEntry> entries, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /**
   * Reads and checks a header.
   *
   * @param file for messages
   * @param json the header's bytes
   * @param dataBytes length of the data section that follows
   */
  static SafetensorsHeader parse(String file, byte[] json, long dataBytes) {
    try {
      return parse(json, dataBytes);
    } catch (DataException e) {
      throw new DataException(file + ": not a usable safetensors file: " + e.getMessage(), e);
    }
  }

  private static SafetensorsHeader parse(byte[] json, long dataBytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    } catch (CharacterCodingException e) {
      throw new DataException("the header is not UTF-8", e);
    }
    if (!text.startsWith("{")) {
      throw new DataException("the header does not begin with '{'");
    }
    if (!(JsonValue.parse(text) instanceof JsonValue.JsonObject header)) {
      throw new DataException("the header is not a JSON object");
    }
    Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> member : header.members().entrySet()) {
      if (member.getKey().equals(METADATA)) {
        readMetadata(member.getValue(), metadata);
      } else {
        entries.put(member.getKey(), readEntry(member.getKey(), member.getValue()));
      }
    }
    checkCover(entries, dataBytes);
    return new SafetensorsHeader(entries, metadata);
  }

  private static void readMetadata(JsonValue value, Map<String, String> metadata) {
    if (!(value instanceof JsonValue.JsonObject object)) {
      throw new DataException(METADATA + " must be an object of strings");
    }
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      if (!(member.getValue() instanceof JsonValue.JsonString string)) {
        throw new DataException(METADATA + "." + member.getKey() + " must be a string");
      }
      metadata.put(member.getKey(), string.value());
    }
  }

  private static SafetensorsEntry readEntry(String name, JsonValue value) {
    if (!(value instanceof JsonValue.JsonObject object)) {
      throw new DataException("tensor '" + name + "' must be a JSON object");
    }
    Map<String, JsonValue> members = object.members();
    for (String key : members.keySet()) {
      if (!key.equals("dtype") && !key.equals("shape") && !key.equals("data_offsets")) {
        throw new DataException("tensor '" + name + "' has the unknown member '" + key + "'");
      }
    }
    if (!(members.get("dtype") instanceof JsonValue.JsonString dtype)) {
      throw new DataException("tensor '" + name + "' has no dtype");
    }
    StoredType type =
        StoredType.named(dtype.value())
            .orElseThrow(
                () ->
                    new DataException(
                        "tensor '"
                            + name
                            + "' has dtype '"
                            + dtype.value()
                            + "', which is not read; convert it to F32 or F64"));
    List<Long> shape = readIntegers(name, "shape", members);
    List<Long> offsets = readIntegers(name, "data_offsets", members);
    if (offsets.size() != 2) {
      throw new DataException("tensor '" + name + "' must have two data_offsets");
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long bytes = byteCount(name, type, shape);
    if (end < begin || end - begin != bytes) {
      throw new DataException(
          "tensor '"
              + name
              + "' of shape "
              + shape
              + " and dtype "
              + type
              + " needs "
              + bytes
              + " bytes, its data_offsets are ["
              + begin
              + ", "
              + end
              + "]");
    }
    return new SafetensorsEntry(name, type, shape, begin, end);
  }

  private static List<Long> readIntegers(String name, String key, Map<String, JsonValue> members) {
    if (!(members.get(key) instanceof JsonValue.JsonArray array)) {
      throw new DataException("tensor '" + name + "' has no " + key + " array");
    }
    List<Long> values = new ArrayList<>(array.elements().size());
    for (JsonValue element : array.elements()) {
      if (!(element instanceof JsonValue.JsonNumber number) || number.longValue() < 0) {
        throw new DataException(
            "tensor '" + name + "': " + key + " must hold integers of at least 0");
      }
      values.add(number.longValue());
    }
    return values;
  }

  static long byteCount(String name, StoredType type, List<Long> shape) {
    try {
      long bytes = type.size();
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new DataException(
          "tensor '" + name + "' of shape " + shape + " has more than 2^63 bytes", e);
    }
  }

  /** The format allows neither holes nor overlaps: sorted, each tensor begins where one ended. */
  private static void checkCover(Map<String, SafetensorsEntry> entries, long dataBytes) {
    List<SafetensorsEntry> sorted = new ArrayList<>(entries.values());
    sorted.sort(
        Comparator.comparingLong(SafetensorsEntry::begin).thenComparingLong(SafetensorsEntry::end));
    long reached = 0;
    for (SafetensorsEntry entry : sorted) {
      if (entry.begin() != reached) {
        throw new DataException(
            "tensor '"
                + entry.name()
                + "' begins at byte "
                + entry.begin()
                + " of the data, but byte "
                + reached
                + " comes next: hole or overlap");
      }
      reached = entry.end();
    }
    if (reached != dataBytes) {
      throw new DataException(
          "the header describes "
              + reached
              + " bytes of data, the file holds "
              + dataBytes
              + (dataBytes < reached ? "; it is truncated, copy or write it again" : ""));
    }
  }
}
