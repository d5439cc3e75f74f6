package org.modalimmune.io;

import java.nio.ByteOrder;

/**
 * Element type of an NPY array: kind, bytes per element, byte order.
 *
 * @param kind what the bytes mean
 * @param size bytes per element; at least 1
 * @param order byte order of numbers and of UTF-32 characters
 */
public record NpyType(Kind kind, int size, ByteOrder order) {

  /** What the bytes of an element mean. */
  public enum Kind {
    /** Truth value, one byte. */
    BOOL,
    /** Signed integer of 1, 2, 4 or 8 bytes. */
    SIGNED,
    /** Unsigned integer of 1, 2, 4 or 8 bytes. */
    UNSIGNED,
    /** IEEE 754 number of 2, 4 or 8 bytes. */
    FLOAT,
    /** Byte string, padded with zero bytes. */
    BYTES,
    /** UTF-32 string, padded with zero characters. */
    UNICODE
  }

  /**
   * Reads a {@code descr} such as {@code <f8}.
   *
   * @param descr byte order ({@code <}, {@code >}, {@code =} or {@code |}), kind letter, size
   * @return the type
   * @throws DataException if the type is not read, with the reason
   */
  public static NpyType parse(String descr) {
    if (descr.contains("O")) {
      throw new DataException(
          "dtype '"
              + descr
              + "' holds pickled objects, which can run code when read; save the"
              + " array as numbers or strings");
    }
    if (descr.length() < 2) {
      throw unknown(descr);
    }
    boolean hasOrder = "<>|=".indexOf(descr.charAt(0)) >= 0;
    char kind = descr.charAt(hasOrder ? 1 : 0);
    int count = count(descr, hasOrder ? 2 : 1);
    ByteOrder order =
        switch (descr.charAt(0)) {
          case '>' -> ByteOrder.BIG_ENDIAN;
          case '=' -> ByteOrder.nativeOrder();
          default -> ByteOrder.LITTLE_ENDIAN;
        };
    boolean known =
        switch (kind) {
          case 'b' -> count == 1;
          case 'i', 'u' -> count == 1 || count == 2 || count == 4 || count == 8;
          case 'f' -> count == 2 || count == 4 || count == 8;
          case 'S', 'U' -> count >= 1 && count <= 1 << 20;
          default -> false;
        };
    if (!known) {
      throw unknown(descr);
    }
    return switch (kind) {
      case 'b' -> new NpyType(Kind.BOOL, 1, order);
      case 'i' -> new NpyType(Kind.SIGNED, count, order);
      case 'u' -> new NpyType(Kind.UNSIGNED, count, order);
      case 'f' -> new NpyType(Kind.FLOAT, count, order);
      case 'S' -> new NpyType(Kind.BYTES, count, order);
      default -> new NpyType(Kind.UNICODE, 4 * count, order);
    };
  }

  private static int count(String descr, int from) {
    try {
      return Integer.parseInt(descr, from, descr.length(), 10);
    } catch (NumberFormatException e) {
      throw new DataException(message(descr), e);
    }
  }

  private static DataException unknown(String descr) {
    return new DataException(message(descr));
  }

  private static String message(String descr) {
    return "dtype '" + descr + "' is not read; save the array as <f4, <f8, <i4 or <i8";
  }
}
