package org.modalimmune.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The header of an NPY stream: magic, version, length, and a Python dictionary literal. */
record NpyHeader(NpyType type, boolean fortranOrder, List<Long> shape, int headerBytes) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** numpy's own limit on a header that it did not write itself. */
  private static final int MAX_HEADER = 10_000;

  private static final int MAX_DIMENSIONS = 32;

  /** Reads the header, leaving the stream at the first byte of data. */
  static NpyHeader read(InputStream in) throws IOException {
    byte[] start = readExactly(in, 8);
    for (int i = 0; i < MAGIC.length; i++) {
      if (start[i] != MAGIC[i]) {
        throw new DataException("does not begin as an NPY file does");
      }
    }
    int major = start[6];
    if (major < 1 || major > 3 || start[7] != 0) {
      throw new DataException(
          "NPY version " + major + "." + start[7] + " is not read; 1.0, 2.0 and 3.0 are");
    }
    int lengthBytes = major == 1 ? Short.BYTES : Integer.BYTES;
    ByteBuffer field = ByteBuffer.wrap(readExactly(in, lengthBytes)).order(ByteOrder.LITTLE_ENDIAN);
    long length =
        major == 1
            ? Short.toUnsignedLong(field.getShort())
            : Integer.toUnsignedLong(field.getInt());
    if (length > MAX_HEADER) {
      throw new DataException(
          "states a header of " + length + " bytes, the limit is " + MAX_HEADER);
    }
    Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    String literal;
    try {
      literal =
          charset.newDecoder().decode(ByteBuffer.wrap(readExactly(in, (int) length))).toString();
    } catch (CharacterCodingException e) {
      throw new DataException("the header is not UTF-8", e);
    }
    return new LiteralReader(literal).header(8 + lengthBytes + (int) length);
  }

  /** Number of bytes of data that the header promises, overflow checked. */
  long dataBytes() {
    try {
      long bytes = type.size();
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new DataException("shape " + shape + " has more than 2^63 bytes", e);
    }
  }

  private static byte[] readExactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("ends inside the NPY header; it is truncated");
    }
    return bytes;
  }

  /** Reads {@code {'descr': …, 'fortran_order': …, 'shape': (…)}}, keys in any order. */
  private static final class LiteralReader {
    private final String text;
    private int at;

    LiteralReader(String text) {
      this.text = text;
    }

    NpyHeader header(int headerBytes) {
      Optional<NpyType> type = Optional.empty();
      Optional<Boolean> fortran = Optional.empty();
      Optional<List<Long>> shape = Optional.empty();
      Set<String> seen = new HashSet<>();
      expect('{');
      while (!accept('}')) {
        String key = string();
        if (!seen.add(key)) {
          throw wrong("the key '" + key + "' occurs twice");
        }
        expect(':');
        switch (key) {
          case "descr" -> type = Optional.of(descr());
          case "fortran_order" -> fortran = Optional.of(bool());
          case "shape" -> shape = Optional.of(tuple());
          default -> throw wrong("unknown key '" + key + "'");
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      skipSpace();
      if (at < text.length()) {
        throw wrong("text after the dictionary");
      }
      if (type.isEmpty() || fortran.isEmpty() || shape.isEmpty()) {
        throw wrong("'descr', 'fortran_order' and 'shape' are all needed");
      }
      return new NpyHeader(type.get(), fortran.get(), shape.get(), headerBytes);
    }

    private NpyType descr() {
      skipSpace();
      if (at < text.length() && text.charAt(at) == '[') {
        throw wrong("structured arrays are not read; save each field as its own array");
      }
      return NpyType.parse(string());
    }

    private String string() {
      skipSpace();
      char quote = at < text.length() ? text.charAt(at) : ' ';
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw wrong("a quoted string expected");
      }
      String value = text.substring(at + 1, end);
      at = end + 1;
      return value;
    }

    private boolean bool() {
      skipSpace();
      if (text.startsWith("True", at)) {
        at += 4;
        return true;
      }
      if (text.startsWith("False", at)) {
        at += 5;
        return false;
      }
      throw wrong("True or False expected");
    }

    private List<Long> tuple() {
      List<Long> sizes = new ArrayList<>();
      expect('(');
      while (!accept(')')) {
        if (sizes.size() == MAX_DIMENSIONS) {
          throw wrong("more than " + MAX_DIMENSIONS + " dimensions");
        }
        sizes.add(integer());
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
      return sizes;
    }

    private long integer() {
      skipSpace();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      try {
        return Long.parseLong(text, start, at, 10);
      } catch (NumberFormatException e) {
        throw new DataException(message("an integer of at least 0 expected"), e);
      }
    }

    private void expect(char c) {
      if (!accept(c)) {
        throw wrong("'" + c + "' expected");
      }
    }

    private boolean accept(char c) {
      skipSpace();
      if (at < text.length() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    private void skipSpace() {
      while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private DataException wrong(String what) {
      return new DataException(message(what));
    }

    private String message(String what) {
      return "NPY header: " + what + " (at character " + at + ")";
    }
  }
}
