package org.modalimmune.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** An array read from an NPY file or a member of an NPZ file; immutable. */
public final class NpyArray {
  private final NpyType type;
  private final List<Long> shape;
  private final boolean fortranOrder;
  private final byte[] data;

  NpyArray(NpyHeader header, byte[] data) {
    this.type = header.type();
    this.shape = List.copyOf(header.shape());
    this.fortranOrder = header.fortranOrder() && header.shape().size() > 1;
    this.data = data;
  }

  /**
   * The stored element type.
   *
   * @return kind, size and byte order
   */
  public NpyType type() {
    return type;
  }

  /**
   * The sizes, outermost first.
   *
   * @return an unmodifiable list; empty for a scalar
   */
  public List<Long> shape() {
    return shape;
  }

  /**
   * Number of elements.
   *
   * @return the product of the shape
   */
  public int elements() {
    return data.length / type.size();
  }

  /**
   * The numbers in row-major (C) order, whatever the order in the file.
   *
   * @return one value per element; truth values are 0 and 1
   * @throws DataException if the elements are strings
   */
  public double[] toDoubles() {
    if (isText()) {
      throw new DataException("the array holds strings; numbers are needed");
    }
    double[] values = new double[elements()];
    ByteBuffer buffer = ByteBuffer.wrap(data).order(type.order());
    int[] strides = strides();
    int[] index = new int[strides.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = doubleAt(buffer, next(index, strides, i) * type.size());
    }
    return values;
  }

  /**
   * The integers or truth values in row-major (C) order, whatever the order in the file.
   *
   * @return one value per element
   * @throws DataException if the elements are not integers or do not fit a signed 64-bit integer
   */
  public long[] toLongs() {
    if (isText() || type.kind() == NpyType.Kind.FLOAT) {
      throw new DataException("the array does not hold integers; save it as <i8 or <i4");
    }
    long[] values = new long[elements()];
    ByteBuffer buffer = ByteBuffer.wrap(data).order(type.order());
    int[] strides = strides();
    int[] index = new int[strides.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = longAt(buffer, next(index, strides, i) * type.size());
      if (values[i] < 0 && type.kind() == NpyType.Kind.UNSIGNED) {
        throw new DataException(
            "element " + i + " is " + Long.toUnsignedString(values[i]) + ", above 2^63 - 1");
      }
    }
    return values;
  }

  /**
   * The elements as text in row-major (C) order: strings as they are, integers in decimal.
   *
   * @return one text per element
   * @throws DataException if the elements are floating-point, or a string is malformed
   */
  public List<String> toStrings() {
    if (!isText()) {
      return Arrays.stream(toLongs()).mapToObj(Long::toString).toList();
    }
    String[] values = new String[elements()];
    int[] strides = strides();
    int[] index = new int[strides.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = textAt(next(index, strides, i) * type.size());
    }
    return List.of(values);
  }

  private boolean isText() {
    return type.kind() == NpyType.Kind.BYTES || type.kind() == NpyType.Kind.UNICODE;
  }

  /** Element strides of the stored order; used only where it is Fortran order. */
  private int[] strides() {
    if (!fortranOrder || data.length == 0) {
      return new int[0];
    }
    int[] strides = new int[shape.size()];
    int stride = 1;
    for (int d = 0; d < strides.length; d++) {
      strides[d] = stride;
      stride *= shape.get(d).intValue();
    }
    return strides;
  }

  /** Stored position of the i-th element in C order; index counts up like an odometer. */
  private int next(int[] index, int[] strides, int i) {
    if (strides.length == 0) {
      return i;
    }
    int position = 0;
    for (int d = 0; d < strides.length; d++) {
      position += index[d] * strides[d];
    }
    for (int d = strides.length - 1; d >= 0 && ++index[d] == shape.get(d); d--) {
      index[d] = 0;
    }
    return position;
  }

  private double doubleAt(ByteBuffer buffer, int at) {
    if (type.kind() == NpyType.Kind.FLOAT) {
      return switch (type.size()) {
        case 2 -> Float.float16ToFloat(buffer.getShort(at));
        case 4 -> buffer.getFloat(at);
        default -> buffer.getDouble(at);
      };
    }
    long value = longAt(buffer, at);
    if (value < 0 && type.kind() == NpyType.Kind.UNSIGNED) {
      // Halving keeps the lowest bit sticky, so that the doubled result is correctly rounded.
      return 2.0 * ((value >>> 1) | (value & 1));
    }
    return value;
  }

  private long longAt(ByteBuffer buffer, int at) {
    long value =
        switch (type.size()) {
          case 1 -> buffer.get(at);
          case 2 -> buffer.getShort(at);
          case 4 -> buffer.getInt(at);
          default -> buffer.getLong(at);
        };
    return type.kind() == NpyType.Kind.SIGNED || type.size() == Long.BYTES
        ? value
        : value & ((1L << (8 * type.size())) - 1);
  }

  private String textAt(int at) {
    if (type.kind() == NpyType.Kind.BYTES) {
      int end = at + type.size();
      while (end > at && data[end - 1] == 0) {
        end--;
      }
      return new String(data, at, end - at, StandardCharsets.ISO_8859_1);
    }
    ByteBuffer buffer = ByteBuffer.wrap(data).order(type.order());
    int length = type.size() / Integer.BYTES;
    while (length > 0 && buffer.getInt(at + Integer.BYTES * (length - 1)) == 0) {
      length--;
    }
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      int code = buffer.getInt(at + Integer.BYTES * i);
      if (!Character.isValidCodePoint(code)) {
        throw new DataException(
            "a string holds 0x" + Integer.toHexString(code) + ", which is not a character");
      }
      text.appendCodePoint(code);
    }
    return text.toString();
  }
}
