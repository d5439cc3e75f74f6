package org.modalimmune.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.TestData;

/** Predictions as CSV (RFC 4180, line feeds). */
final class PredictionTable {
  private PredictionTable() {}

  /**
   * The text.
   *
   * @param rows what was predicted
   * @param probabilities rows x classes, row-major
   */
  static String csv(TestData rows, double[] probabilities) {
    List<String> classes = rows.schema().classNames();
    List<String> header = new ArrayList<>(List.of("id", "predicted", "present"));
    classes.forEach(c -> header.add("probability_" + c));
    StringBuilder text = new StringBuilder();
    append(text, header);
    for (int row = 0; row < rows.split().rows(); row++) {
      int from = row * classes.size();
      int best = 0;
      for (int c = 1; c < classes.size(); c++) {
        best = probabilities[from + c] > probabilities[from + best] ? c : best;
      }
      List<String> line = new ArrayList<>();
      line.add(rows.split().ids().get(row));
      line.add(classes.get(best));
      line.add(present(rows.split(), row));
      for (int c = 0; c < classes.size(); c++) {
        line.add(String.format(Locale.ROOT, "%.6f", probabilities[from + c]));
      }
      append(text, line);
    }
    return text.toString();
  }

  private static String present(MultimodalSplit split, int row) {
    List<String> names = new ArrayList<>();
    for (int m = 0; m < split.modalities().size(); m++) {
      if (split.features(m).isPresent(row)) {
        names.add(split.modalities().get(m).name());
      }
    }
    return String.join("+", names);
  }

  private static void append(StringBuilder text, List<String> cells) {
    text.append(String.join(",", cells.stream().map(PredictionTable::quote).toList())).append('\n');
  }

  private static String quote(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
