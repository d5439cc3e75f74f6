package org.modalimmune.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes NPY files of version 1.0, little-endian, C order, data aligned to 64 bytes.
 *
 * <p>Source: "The .npy format", {@code numpy.lib.format}, NumPy documentation.
 */
public final class NpyWriter {
  private static final int ALIGNMENT = 64;
  private static final int PREAMBLE = 10;
  private static final int CHUNK = 1 << 13;

  private NpyWriter() {}

  /**
   * Writes doubles as {@code <f8}; the file is complete or not there.
   *
   * @param target the file to create or replace
   * @param shape the sizes, outermost first
   * @param values row-major, as many as the shape says
   * @throws DataException if the sizes differ or the target cannot be written
   * @throws IOException if writing fails
   */
  public static void write(Path target, List<Long> shape, double[] values) throws IOException {
    byte[] header = header("<f8", shape, values.length);
    AtomicFile.write(
        target,
        out -> {
          out.write(header);
          ByteBuffer buffer =
              ByteBuffer.allocate(CHUNK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            buffer.asDoubleBuffer().put(values, from, count);
            out.write(buffer.array(), 0, count * Double.BYTES);
          }
        });
  }

  /**
   * Writes floats as {@code <f4}; the file is complete or not there.
   *
   * @param target the file to create or replace
   * @param shape the sizes, outermost first
   * @param values row-major, as many as the shape says
   * @throws DataException if the sizes differ or the target cannot be written
   * @throws IOException if writing fails
   */
  public static void write(Path target, List<Long> shape, float[] values) throws IOException {
    byte[] header = header("<f4", shape, values.length);
    AtomicFile.write(
        target,
        out -> {
          out.write(header);
          ByteBuffer buffer =
              ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            buffer.asFloatBuffer().put(values, from, count);
            out.write(buffer.array(), 0, count * Float.BYTES);
          }
        });
  }

  private static byte[] header(String descr, List<Long> shape, int count) {
    long elements = 1;
    try {
      for (long size : shape) {
        elements = Math.multiplyExact(elements, size);
        if (size < 0) {
          throw new DataException("NPY: negative size in the shape " + shape);
        }
      }
    } catch (ArithmeticException e) {
      throw new DataException("NPY: shape " + shape + " has more than 2^63 elements", e);
    }
    if (elements != count) {
      throw new DataException(
          "NPY: shape " + shape + " needs " + elements + " values, " + count + " came");
    }
    String sizes =
        shape.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (shape.size() == 1 ? "," : "");
    String literal =
        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    int total = (PREAMBLE + literal.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    String padded = literal + " ".repeat(total - PREAMBLE - literal.length() - 1) + "\n";
    ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0).putShort((short) padded.length());
    header.put(padded.getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }
}
