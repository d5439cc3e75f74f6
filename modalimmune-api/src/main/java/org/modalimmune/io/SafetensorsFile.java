package org.modalimmune.io;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a safetensors file: an 8-byte little-endian header length, a JSON header, the data.
 *
 * <p>Opening reads and checks the header alone; values are streamed when they are asked for. Reads
 * may come from several threads at once. Source: the format description in the README of
 * huggingface/safetensors.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Largest header that is accepted, the limit of the format's own implementation. */
  public static final long MAX_HEADER_BYTES = 100_000_000L;

  private static final int CHUNK = 1 << 16;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsFile(
      Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  /**
   * Opens a file and checks its header: lengths against the size of the file before memory is
   * taken, dtypes, shapes against spans with overflow checks, and that the tensors cover the data
   * without hole or overlap.
   *
   * @param path the file
   * @return the open file; close it after use
   * @throws DataException if the file is not a safetensors file that can be read, with the reason
   * @throws IOException if the file cannot be read at all
   */
  public static SafetensorsFile open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new DataException(path + ": is a folder; a safetensors file is needed");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    boolean opened = false;
    try {
      long size = channel.size();
      if (size < Long.BYTES) {
        throw new DataException(
            path
                + ": not a usable safetensors file: "
                + size
                + " bytes, at least 8 are needed; it is truncated or not safetensors");
      }
      long length =
          readFully(path, channel, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 0 || length > MAX_HEADER_BYTES) {
        throw new DataException(
            path
                + ": not a usable safetensors file: it states a header of "
                + Long.toUnsignedString(length)
                + " bytes, the limit is "
                + MAX_HEADER_BYTES);
      }
      if (length > size - Long.BYTES) {
        throw new DataException(
            path
                + ": not a usable safetensors file: it states a header of "
                + length
                + " bytes but holds "
                + (size - Long.BYTES)
                + " after the length; it is truncated, copy or write it again");
      }
      byte[] json = readFully(path, channel, Long.BYTES, (int) length).array();
      long dataStart = Long.BYTES + length;
      SafetensorsHeader header = SafetensorsHeader.parse(path.toString(), json, size - dataStart);
      opened = true;
      return new SafetensorsFile(path, channel, header, dataStart);
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  /**
   * The tensors by name, in the header's order.
   *
   * @return an unmodifiable map
   */
  public Map<String, SafetensorsEntry> entries() {
    return Collections.unmodifiableMap(header.entries());
  }

  /**
   * The tensor with this name.
   *
   * @param name the tensor's name
   * @return what the header says about it, or empty
   */
  public Optional<SafetensorsEntry> entry(String name) {
    return Optional.ofNullable(header.entries().get(name));
  }

  /**
   * The header's string-to-string metadata.
   *
   * @return an unmodifiable map; empty if the file has none
   */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Reads a floating-point or integer tensor as doubles, row-major.
   *
   * @param name the tensor's name
   * @return one value per element
   * @throws DataException if there is no such tensor or it has more than 2^31 - 9 elements
   * @throws IOException if reading fails
   */
  public double[] readDoubles(String name) throws IOException {
    SafetensorsEntry entry = require(name);
    double[] values = new double[arrayLength(entry)];
    stream(entry, (index, buffer) -> values[index] = StoredValues.doubleAt(entry.type(), buffer));
    return values;
  }

  /**
   * Reads a floating-point or integer tensor as floats, row-major; doubles and wide integers are
   * rounded to nearest.
   *
   * @param name the tensor's name
   * @return one value per element
   * @throws DataException if there is no such tensor or it has more than 2^31 - 9 elements
   * @throws IOException if reading fails
   */
  public float[] readFloats(String name) throws IOException {
    SafetensorsEntry entry = require(name);
    float[] values = new float[arrayLength(entry)];
    stream(
        entry,
        (index, buffer) -> values[index] = (float) StoredValues.doubleAt(entry.type(), buffer));
    return values;
  }

  /**
   * Reads an integer or truth-value tensor, row-major.
   *
   * @param name the tensor's name
   * @return one value per element
   * @throws DataException if there is no such tensor, it is floating-point, or it has more than
   *     2^31 - 9 elements
   * @throws IOException if reading fails
   */
  public long[] readLongs(String name) throws IOException {
    SafetensorsEntry entry = require(name);
    if (entry.type().isFloating()) {
      throw new DataException(
          path
              + ": tensor '"
              + name
              + "' has dtype "
              + entry.type()
              + "; integers are needed here, store it as I64 or I32");
    }
    long[] values = new long[arrayLength(entry)];
    stream(entry, (index, buffer) -> values[index] = StoredValues.longAt(entry.type(), buffer));
    return values;
  }

  /**
   * Copies a tensor's little-endian bytes as they are stored.
   *
   * @param name the tensor's name
   * @param destination exactly as long as the tensor
   * @throws DataException if there is no such tensor or the destination's length differs
   * @throws IOException if reading fails
   */
  public void copyTo(String name, MemorySegment destination) throws IOException {
    SafetensorsEntry entry = require(name);
    if (destination.byteSize() != entry.bytes()) {
      throw new DataException(
          path
              + ": tensor '"
              + name
              + "' has "
              + entry.bytes()
              + " bytes, the destination "
              + destination.byteSize());
    }
    for (long done = 0; done < entry.bytes(); done += CHUNK) {
      int count = (int) Math.min(CHUNK, entry.bytes() - done);
      ByteBuffer chunk = readFully(path, channel, dataStart + entry.begin() + done, count);
      MemorySegment.copy(MemorySegment.ofBuffer(chunk), 0, destination, done, count);
    }
  }

  /** Closes the file; a second call has no effect. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private interface Element {
    void accept(int index, ByteBuffer buffer);
  }

  private void stream(SafetensorsEntry entry, Element element) throws IOException {
    int index = 0;
    for (long done = 0; done < entry.bytes(); done += CHUNK) {
      int count = (int) Math.min(CHUNK, entry.bytes() - done);
      ByteBuffer chunk = readFully(path, channel, dataStart + entry.begin() + done, count);
      chunk.order(ByteOrder.LITTLE_ENDIAN);
      while (chunk.hasRemaining()) {
        element.accept(index++, chunk);
      }
    }
  }

  private SafetensorsEntry require(String name) {
    return entry(name)
        .orElseThrow(
            () ->
                new DataException(
                    path + ": has no tensor '" + name + "'; it has " + header.entries().keySet()));
  }

  private int arrayLength(SafetensorsEntry entry) {
    if (entry.elements() > Integer.MAX_VALUE - 8) {
      throw new DataException(
          path
              + ": tensor '"
              + entry.name()
              + "' has "
              + entry.elements()
              + " elements, too many for one array; read it with copyTo");
    }
    return (int) entry.elements();
  }

  private static ByteBuffer readFully(Path path, FileChannel channel, long position, int count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException(
            path
                + ": became shorter while it was read: byte "
                + (position + buffer.position())
                + " is missing");
      }
    }
    return buffer.flip();
  }
}
