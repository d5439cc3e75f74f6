package org.modalimmune.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.modalimmune.io.DataException;

/**
 * Splits RFC 4180 text into records of fields without copying the file into memory.
 *
 * <p>Fields are separated by commas, records by LF or CRLF. A field in double quotes may hold
 * commas, line ends and doubled quotes. A UTF-8 byte order mark at the start is skipped. Fields
 * stay bytes until they are asked for, because most of them are numbers.
 */
final class CsvTokenizer {
  /** A record this long is a quote that was never closed. */
  private static final int MAX_RECORD = 1 << 26;

  private final InputStream in;
  private final String file;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private byte[] record = new byte[1 << 12];
  private int length;
  private int[] ends = new int[64];
  private int fields;
  private long line = 1;
  private long recordLine = 1;

  CsvTokenizer(InputStream in, String file) throws IOException {
    this.in = in;
    this.file = file;
    skipByteOrderMark();
  }

  private void skipByteOrderMark() throws IOException {
    byte[] mark = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    limit = in.readNBytes(buffer, 0, buffer.length);
    if (limit >= mark.length && Arrays.equals(buffer, 0, mark.length, mark, 0, mark.length)) {
      position = mark.length;
    }
  }

  /** Moves to the next record; false at the end of the file. */
  boolean next() throws IOException {
    length = 0;
    fields = 0;
    recordLine = line;
    int c = read();
    if (c < 0) {
      return false;
    }
    while (true) {
      c = c == '"' ? quoted() : plain(c);
      endField();
      if (c == ',') {
        c = read();
        continue;
      }
      if (c == '\r') {
        c = read();
        if (c != '\n') {
          throw wrong("a carriage return without a line feed; save the file with LF or CRLF");
        }
      }
      if (c == '\n') {
        line++;
      }
      return true;
    }
  }

  /** Reads a field without quotes and returns the byte that ended it. */
  private int plain(int first) throws IOException {
    int c = first;
    while (c != ',' && c != '\n' && c != '\r' && c >= 0) {
      if (c == '"') {
        throw wrong(
            "a quote inside a field that does not begin with one; quote the whole field and double"
                + " the quotes in it");
      }
      append(c);
      c = read();
    }
    return c;
  }

  /** Reads a field after its opening quote and returns the byte after the closing one. */
  private int quoted() throws IOException {
    while (true) {
      int c = read();
      if (c < 0) {
        throw wrong("a quote that is never closed");
      }
      if (c == '"') {
        c = read();
        if (c != '"') {
          if (c != ',' && c != '\n' && c != '\r' && c >= 0) {
            throw wrong("text after a closing quote; double the quotes inside a field");
          }
          return c;
        }
      } else if (c == '\n') {
        line++;
      }
      append(c);
    }
  }

  private int read() throws IOException {
    if (position == limit) {
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
      position = 0;
      if (limit == 0) {
        return -1;
      }
    }
    return buffer[position++] & 0xff;
  }

  private void append(int c) {
    if (length == record.length) {
      if (length >= MAX_RECORD) {
        throw wrong("a record of more than " + MAX_RECORD + " bytes; is a quote never closed?");
      }
      record = Arrays.copyOf(record, 2 * length);
    }
    record[length++] = (byte) c;
  }

  private void endField() {
    if (fields == ends.length) {
      ends = Arrays.copyOf(ends, 2 * fields);
    }
    ends[fields++] = length;
  }

  /** Line on which the record begins, from 1. */
  long line() {
    return recordLine;
  }

  /** Number of fields in the record; at least 1. */
  int fields() {
    return fields;
  }

  /** Whether a field holds nothing but spaces and tabs. */
  boolean isBlank(int field) {
    return first(field) == last(field);
  }

  /** A field as text. */
  String text(int field) {
    int from = start(field);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(record, from, ends[field] - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw new DataException(
          place() + "field " + (field + 1) + " is not UTF-8; save the file as UTF-8", e);
    }
  }

  /**
   * A field as a number; NaN if it is not a decimal number (text, {@code nan}, {@code inf}), so the
   * caller, who knows the column, can say so. Out of range gives an infinity.
   */
  double number(int field) {
    return DecimalParser.parse(record, first(field), last(field));
  }

  private int start(int field) {
    return field == 0 ? 0 : ends[field - 1];
  }

  private int first(int field) {
    int from = start(field);
    while (from < ends[field] && (record[from] == ' ' || record[from] == '\t')) {
      from++;
    }
    return from;
  }

  private int last(int field) {
    int from = first(field);
    int to = ends[field];
    while (to > from && (record[to - 1] == ' ' || record[to - 1] == '\t')) {
      to--;
    }
    return to;
  }

  private DataException wrong(String what) {
    return new DataException(place() + what);
  }

  private String place() {
    return file + ", line " + recordLine + ": ";
  }
}
