package org.modalimmune.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.modalimmune.io.DataException;

/** Reads one modality's CSV file into a matrix. */
final class CsvFeatures {
  private static final Pattern NOT_FINITE = Pattern.compile("[+-]?(nan|inf|infinity)");

  private final CsvTable table;
  private final DatasetOptions options;
  private final CsvTokenizer record;
  private final int idColumn;
  private final int width;
  private double[] values = new double[1 << 14];
  private boolean[] present = new boolean[1024];

  CsvFeatures(CsvTable table, DatasetOptions options) {
    this.table = table;
    this.options = options;
    this.record = table.record();
    this.idColumn = table.columns().indexOf(DistinctIds.name(options));
    this.width = table.columns().size() - (idColumn < 0 ? 0 : 1);
    if (width == 0) {
      throw new DataException(
          table.name()
              + ": has no feature column beside '"
              + table.columns().get(0)
              + "'; add one");
    }
  }

  SplitSource.Features read() throws IOException {
    List<String> ids = new ArrayList<>();
    while (table.next()) {
      int row = table.rows() - 1;
      reserve(row + 1);
      present[row] = readRow(row * width);
      if (idColumn >= 0) {
        ids.add(record.text(idColumn).strip());
      }
    }
    List<String> names = new ArrayList<>(table.columns());
    if (idColumn >= 0) {
      DistinctIds.require(options, table, ", column '" + names.get(idColumn) + "'", ids);
      names.remove(idColumn);
    }
    FeatureMatrix matrix =
        FeatureMatrix.adopt(
            names,
            Arrays.copyOf(values, table.rows() * width),
            Arrays.copyOf(present, table.rows()));
    return new SplitSource.Features(
        table, matrix, idColumn < 0 ? Optional.empty() : Optional.of(ids));
  }

  /** Reads the cells of the current record; false if all of them are empty. */
  private boolean readRow(int offset) {
    int at = offset;
    int blank = -1;
    int filled = 0;
    for (int field = 0; field < record.fields(); field++) {
      if (field == idColumn) {
        continue;
      }
      double value = record.number(field);
      if (Double.isFinite(value)) {
        filled++;
      } else if (record.isBlank(field)) {
        blank = blank < 0 ? field : blank;
        value = 0;
      } else {
        throw unusable(field, value);
      }
      values[at++] = value;
    }
    if (blank >= 0 && filled > 0) {
      throw new DataException(
          place(blank)
              + ": the cell is empty in a row that has other values; fill it in, or empty the whole"
              + " row if the modality is missing there");
    }
    return blank < 0;
  }

  private DataException unusable(int field, double value) {
    String text = record.text(field).strip();
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    String fix;
    if (Double.isInfinite(value)) {
      fix = "is too large for a double; rescale the column";
    } else if (NOT_FINITE.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
      fix = "is not finite; fill in a number, or empty the whole row if the modality is missing";
    } else {
      fix = "is not a number; fill in a number, or remove the column from the file";
    }
    return new DataException(place(field) + ": '" + shown + "' " + fix);
  }

  private String place(int field) {
    return table.name()
        + ", "
        + table.row(table.rows() - 1)
        + ", column '"
        + table.columns().get(field)
        + "'";
  }

  private void reserve(int rows) {
    long needed = (long) rows * width;
    if (needed > Integer.MAX_VALUE - 8) {
      throw new DataException(table.name() + ": more than 2^31 values; use fewer rows or columns");
    }
    if (needed > values.length) {
      long larger = Math.max(needed, Math.min(2L * values.length, Integer.MAX_VALUE - 8));
      values = Arrays.copyOf(values, (int) larger);
    }
    if (rows > present.length) {
      present = Arrays.copyOf(present, 2 * present.length);
    }
  }
}
