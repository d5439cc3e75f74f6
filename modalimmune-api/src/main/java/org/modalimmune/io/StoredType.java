package org.modalimmune.io;

import java.util.Arrays;
import java.util.Optional;

/**
 * Element types of the safetensors format that this library reads; values are little-endian.
 *
 * <p>Source: the format description in the README of huggingface/safetensors.
 */
public enum StoredType {
  /** Truth value, one byte, 0 or 1. */
  BOOL(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** Signed 8-bit integer. */
  I8(1),
  /** Signed 16-bit integer. */
  I16(2),
  /** Unsigned 16-bit integer. */
  U16(2),
  /** IEEE 754 half precision. */
  F16(2),
  /** The upper half of an IEEE 754 single-precision number. */
  BF16(2),
  /** Signed 32-bit integer. */
  I32(4),
  /** Unsigned 32-bit integer. */
  U32(4),
  /** IEEE 754 single precision. */
  F32(4),
  /** IEEE 754 double precision. */
  F64(8),
  /** Signed 64-bit integer. */
  I64(8);

  private final int size;

  StoredType(int size) {
    this.size = size;
  }

  /**
   * Bytes per element.
   *
   * @return 1, 2, 4 or 8
   */
  public int size() {
    return size;
  }

  /**
   * Whether values can have a fraction.
   *
   * @return true for F16, BF16, F32 and F64
   */
  public boolean isFloating() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }

  /**
   * The type with this name in a safetensors header.
   *
   * @param name for example {@code F32}
   * @return the type, or empty if this library does not read it
   */
  public static Optional<StoredType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
