package org.modalimmune.cli.report;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells in aligned columns: the first ones to the left, the others to the right. */
final class TextGrid {

  private static final String GAP = "  ";
  private static final int CELL_WIDTH = 30;

  private final List<List<String>> rows = new ArrayList<>();
  private final int leftColumns;
  private final int cellWidth;

  TextGrid(int leftColumns) {
    this(leftColumns, CELL_WIDTH);
  }

  /** A grid that cuts cells which are wider than {@code cellWidth}. */
  TextGrid(int leftColumns, int cellWidth) {
    this.leftColumns = leftColumns;
    this.cellWidth = cellWidth;
  }

  void row(List<String> cells) {
    rows.add(cells.stream().map(this::printable).toList());
  }

  /** The lines; where they would be wider than {@code width} the columns go on in a next block. */
  List<String> lines(int width) {
    List<String> lines = new ArrayList<>();
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int label = columnWidth(0);
    int from = 1;
    do {
      int to = from;
      int used = label;
      while (to < columns && (to == from || used + GAP.length() + columnWidth(to) <= width)) {
        used += GAP.length() + columnWidth(to);
        to++;
      }
      if (from > 1) {
        lines.add("");
      }
      for (List<String> row : rows) {
        lines.add(line(row, from, to));
      }
      from = to;
    } while (from < columns);
    return lines;
  }

  private String line(List<String> row, int from, int to) {
    StringBuilder line = new StringBuilder(pad(row.getFirst(), columnWidth(0), false));
    for (int c = from; c < to; c++) {
      line.append(GAP)
          .append(pad(c < row.size() ? row.get(c) : "", columnWidth(c), c >= leftColumns));
    }
    return line.toString().stripTrailing();
  }

  private int columnWidth(int column) {
    return rows.stream()
        .filter(row -> column < row.size())
        .mapToInt(row -> length(row.get(column)))
        .max()
        .orElse(0);
  }

  private static String pad(String text, int width, boolean right) {
    String fill = " ".repeat(Math.max(0, width - length(text)));
    return right ? fill + text : text + fill;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The text on one line, cut where it is too long for a table. */
  private String printable(String text) {
    String clean = clean(text);
    return length(clean) > cellWidth
        ? clean.substring(0, clean.offsetByCodePoints(0, cellWidth - 2)) + ".."
        : clean;
  }

  /** Names come from user files: control characters must not reach the terminal. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints().map(c -> harmless(c) ? c : '?').forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean harmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
