package org.modalimmune.data;

import java.nio.charset.StandardCharsets;

/** Reads decimal numbers from ASCII bytes, correctly rounded. */
final class DecimalParser {
  /** Powers of ten that a double holds exactly. */
  private static final double[] EXACT_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final int MAX_EXPONENT = 100_000;

  private DecimalParser() {}

  /**
   * The number in {@code bytes[from, to)}, or NaN if it is not of the form {@code
   * [+-]digits[.digits][e[+-]digits]} with at least one digit before or after the point.
   *
   * <p>If the digits fit 53 bits and the power of ten is exact, one division or multiplication
   * rounds once and is therefore correct (Clinger, "How to Read Floating Point Numbers Accurately",
   * PLDI 1990); all else goes to {@link Double#parseDouble}.
   */
  static double parse(byte[] bytes, int from, int to) {
    int at = from;
    boolean negative = at < to && bytes[at] == '-';
    if (at < to && (negative || bytes[at] == '+')) {
      at++;
    }
    long digits = 0;
    boolean fits = true;
    int count = 0;
    int fraction = 0;
    boolean point = false;
    for (; at < to; at++) {
      int c = bytes[at];
      if (c >= '0' && c <= '9') {
        count++;
        fraction += point ? 1 : 0;
        if (digits < (1L << 53) / 10) {
          digits = 10 * digits + (c - '0');
        } else {
          fits = false;
        }
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (count == 0) {
      return Double.NaN;
    }
    int exponent = 0;
    if (at < to) {
      if (bytes[at] != 'e' && bytes[at] != 'E') {
        return Double.NaN;
      }
      at++;
      boolean negativeExponent = at < to && bytes[at] == '-';
      if (at < to && (negativeExponent || bytes[at] == '+')) {
        at++;
      }
      if (at == to) {
        return Double.NaN;
      }
      for (; at < to; at++) {
        int c = bytes[at];
        if (c < '0' || c > '9') {
          return Double.NaN;
        }
        exponent = Math.min(MAX_EXPONENT, 10 * exponent + (c - '0'));
      }
      exponent = negativeExponent ? -exponent : exponent;
    }
    int power = exponent - fraction;
    if (!fits || Math.abs(power) >= EXACT_POWERS.length) {
      return Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }
    double value = power < 0 ? digits / EXACT_POWERS[-power] : digits * EXACT_POWERS[power];
    return negative ? -value : value;
  }
}
