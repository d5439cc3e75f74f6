package org.modalimmune.io;

import java.nio.ByteBuffer;

/** Reads the next element of a stored type from a little-endian buffer. */
final class StoredValues {
  private StoredValues() {}

  static double doubleAt(StoredType type, ByteBuffer buffer) {
    return switch (type) {
      case F64 -> buffer.getDouble();
      case F32 -> buffer.getFloat();
      case F16 -> Float.float16ToFloat(buffer.getShort());
      case BF16 -> Float.intBitsToFloat(buffer.getShort() << 16);
      case BOOL, U8, I8, I16, U16, I32, U32, I64 -> longAt(type, buffer);
    };
  }

  static long longAt(StoredType type, ByteBuffer buffer) {
    return switch (type) {
      case BOOL, U8 -> Byte.toUnsignedLong(buffer.get());
      case I8 -> buffer.get();
      case I16 -> buffer.getShort();
      case U16 -> Short.toUnsignedLong(buffer.getShort());
      case I32 -> buffer.getInt();
      case U32 -> Integer.toUnsignedLong(buffer.getInt());
      case I64 -> buffer.getLong();
      case F16, BF16, F32, F64 ->
          throw new IllegalArgumentException(type + " does not hold integers");
    };
  }
}
