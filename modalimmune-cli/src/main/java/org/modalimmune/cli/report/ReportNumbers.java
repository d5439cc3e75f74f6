package org.modalimmune.cli.report;

import java.util.Locale;
import java.util.OptionalDouble;
import org.modalimmune.evaluate.Interval;
import org.modalimmune.evaluate.Summary;

/** Numbers as people read them; the JSON file holds every digit. */
final class ReportNumbers {

  private ReportNumbers() {}

  /** A share as per cent with one decimal: 0.9012 becomes 90.1. */
  static String percent(double share) {
    return fixed(100 * share, 1);
  }

  /** A share with half its interval's width in per cent: {@code 90.1 ± 0.3}. */
  static String percent(Summary summary, String plusMinus) {
    return percent(summary.mean())
        + summary.ci95().map(ci -> " " + plusMinus + " " + percent(ci.halfWidth())).orElse("");
  }

  /** A difference of shares in percentage points with its sign: {@code +0.52}. */
  static String points(double difference) {
    String text = fixed(100 * difference, 2);
    return text.startsWith("-") || text.equals("0.00") ? text : "+" + text;
  }

  /** An interval of differences in percentage points. */
  static String points(Interval interval) {
    return "[" + points(interval.lo()) + ", " + points(interval.hi()) + "]";
  }

  /** Half the width of an interval of differences, in percentage points. */
  static String halfWidth(Interval interval) {
    return fixed(100 * interval.halfWidth(), 2);
  }

  /** A p-value with two significant digits; below 0.001 only that; a dash where undefined. */
  static String p(OptionalDouble p) {
    if (p.isEmpty()) {
      return "-";
    }
    double value = p.getAsDouble();
    if (value < 0.001) {
      return "<0.001";
    }
    return fixed(value, value < 0.0095 ? 4 : value < 0.095 ? 3 : 2);
  }

  /** Three significant digits, without an exponent where that stays short. */
  static String significant(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return fixed(value, decimals);
  }

  /** {@link #significant} of a mean with half its interval's width. */
  static String significant(Summary summary, String plusMinus) {
    return significant(summary.mean())
        + summary.ci95().map(ci -> " " + plusMinus + " " + significant(ci.halfWidth())).orElse("");
  }

  /** A level or severity without needless zeros: 2.0 becomes 2, 0.25 stays. */
  static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String fixed(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    // A rounded-away minus would claim a sign that the digits do not show.
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }
}
