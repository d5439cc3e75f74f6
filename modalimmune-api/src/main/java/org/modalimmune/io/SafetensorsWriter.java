package org.modalimmune.io;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects named tensors and writes them as one safetensors file.
 *
 * <p>Tensors are stored in the order in which they were added; entries are small views until {@link
 * #write}, so the arrays and segments handed in must stay unchanged until then. The header is
 * padded with spaces so that the data begins at a multiple of 8 bytes. Source: the format
 * description in the README of huggingface/safetensors.
 */
public final class SafetensorsWriter {
  private static final int CHUNK = 1 << 16;

  private final Map<String, Pending> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private record Pending(StoredType type, List<Long> shape, long bytes, AtomicFile.Content data) {}

  /** A writer without tensors or metadata. */
  public SafetensorsWriter() {}

  /**
   * Adds or replaces one metadata string.
   *
   * @param key the name
   * @param value the text
   * @return this writer
   */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds an F32 tensor.
   *
   * @param name a new name
   * @param shape the sizes, outermost first
   * @param values row-major, as many as the shape says
   * @return this writer
   * @throws DataException if the name is taken or reserved or the sizes differ
   */
  public SafetensorsWriter add(String name, List<Long> shape, float[] values) {
    return add(
        name,
        StoredType.F32,
        shape,
        (long) values.length * Float.BYTES,
        out -> writeAll(out, values.length, Float.BYTES, (b, i) -> b.putFloat(values[i])));
  }

  /**
   * Adds an F64 tensor.
   *
   * @param name a new name
   * @param shape the sizes, outermost first
   * @param values row-major, as many as the shape says
   * @return this writer
   * @throws DataException if the name is taken or reserved or the sizes differ
   */
  public SafetensorsWriter add(String name, List<Long> shape, double[] values) {
    return add(
        name,
        StoredType.F64,
        shape,
        (long) values.length * Double.BYTES,
        out -> writeAll(out, values.length, Double.BYTES, (b, i) -> b.putDouble(values[i])));
  }

  /**
   * Adds an I64 tensor.
   *
   * @param name a new name
   * @param shape the sizes, outermost first
   * @param values row-major, as many as the shape says
   * @return this writer
   * @throws DataException if the name is taken or reserved or the sizes differ
   */
  public SafetensorsWriter add(String name, List<Long> shape, long[] values) {
    return add(
        name,
        StoredType.I64,
        shape,
        (long) values.length * Long.BYTES,
        out -> writeAll(out, values.length, Long.BYTES, (b, i) -> b.putLong(values[i])));
  }

  /**
   * Adds a tensor whose little-endian bytes lie in memory.
   *
   * @param name a new name
   * @param type the element type of the bytes
   * @param shape the sizes, outermost first
   * @param bytes row-major, exactly as long as shape and type say; must stay alive until the write
   * @return this writer
   * @throws DataException if the name is taken or reserved or the sizes differ
   */
  public SafetensorsWriter add(
      String name, StoredType type, List<Long> shape, MemorySegment bytes) {
    return add(name, type, shape, bytes.byteSize(), out -> writeSegment(out, bytes));
  }

  private SafetensorsWriter add(
      String name, StoredType type, List<Long> shape, long bytes, AtomicFile.Content data) {
    if (name.equals(SafetensorsHeader.METADATA)) {
      throw new DataException("safetensors: the name '" + name + "' is reserved; choose another");
    }
    for (long size : shape) {
      if (size < 0) {
        throw new DataException(
            "safetensors: tensor '" + name + "' has a negative size in its shape " + shape);
      }
    }
    long needed = SafetensorsHeader.byteCount(name, type, shape);
    if (needed != bytes) {
      throw new DataException(
          "safetensors: tensor '"
              + name
              + "' of shape "
              + shape
              + " and dtype "
              + type
              + " needs "
              + needed
              + " bytes, "
              + bytes
              + " came");
    }
    if (tensors.containsKey(name)) {
      throw new DataException("safetensors: two tensors are named '" + name + "'; rename one");
    }
    tensors.put(name, new Pending(type, List.copyOf(shape), bytes, data));
    return this;
  }

  /**
   * Writes the file: to a temporary file beside the target, forced to the device, moved into place.
   *
   * @param target the file to create or replace
   * @throws DataException if the target cannot be written or the header would pass {@link
   *     SafetensorsFile#MAX_HEADER_BYTES}; the target is then untouched
   * @throws IOException if writing fails; the target is then untouched
   */
  public void write(Path target) throws IOException {
    byte[] header = header();
    if (header.length > SafetensorsFile.MAX_HEADER_BYTES) {
      throw new DataException(
          "cannot write '"
              + target
              + "': a header of "
              + header.length
              + " bytes; the limit is "
              + SafetensorsFile.MAX_HEADER_BYTES);
    }
    AtomicFile.write(
        target,
        out -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          out.write(length.putLong(header.length).array());
          out.write(header);
          for (Pending tensor : tensors.values()) {
            tensor.data().writeTo(out);
          }
        });
  }

  private byte[] header() {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      Map<String, JsonValue> strings = new LinkedHashMap<>();
      metadata.forEach((key, value) -> strings.put(key, new JsonValue.JsonString(value)));
      members.put(SafetensorsHeader.METADATA, new JsonValue.JsonObject(strings));
    }
    long offset = 0;
    for (Map.Entry<String, Pending> tensor : tensors.entrySet()) {
      Pending pending = tensor.getValue();
      long end = offset + pending.bytes();
      Map<String, JsonValue> entry = new LinkedHashMap<>();
      entry.put("dtype", new JsonValue.JsonString(pending.type().name()));
      entry.put("shape", integers(pending.shape()));
      entry.put("data_offsets", integers(List.of(offset, end)));
      members.put(tensor.getKey(), new JsonValue.JsonObject(entry));
      offset = end;
    }
    byte[] json = new JsonValue.JsonObject(members).toJson().getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[(json.length + 7) / 8 * 8];
    System.arraycopy(json, 0, padded, 0, json.length);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static JsonValue integers(List<Long> values) {
    return new JsonValue.JsonArray(
        values.stream().<JsonValue>map(value -> JsonValue.JsonNumber.of((long) value)).toList());
  }

  private interface Put {
    void put(ByteBuffer buffer, int index);
  }

  private static void writeAll(OutputStream out, int count, int size, Put put) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      put.put(buffer, i);
      if (buffer.remaining() < size) {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }
    out.write(buffer.array(), 0, buffer.position());
  }

  private static void writeSegment(OutputStream out, MemorySegment bytes) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (long done = 0; done < bytes.byteSize(); done += CHUNK) {
      int count = (int) Math.min(CHUNK, bytes.byteSize() - done);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, done, chunk, 0, count);
      out.write(chunk, 0, count);
    }
  }
}
