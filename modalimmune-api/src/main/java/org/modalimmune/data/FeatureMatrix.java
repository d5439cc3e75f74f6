package org.modalimmune.data;

import java.util.Arrays;
import java.util.List;
import org.modalimmune.io.DataException;

/**
 * One modality's features of some rows: values in row-major order and, for each row, whether the
 * modality is present. Immutable. Values of a row that is not present are 0.
 */
public final class FeatureMatrix {
  private final List<String> columnNames;
  private final int rows;
  private final double[] values;
  private final boolean[] present;

  private FeatureMatrix(List<String> columnNames, int rows, double[] values, boolean[] present) {
    this.columnNames = columnNames;
    this.rows = rows;
    this.values = values;
    this.present = present;
  }

  /**
   * A matrix in which every row is present.
   *
   * @param columnNames one name per column, at least one
   * @param values row-major; a whole number of rows
   * @return the matrix, holding a copy of the values
   * @throws DataException if the sizes do not fit or a value is not finite
   */
  public static FeatureMatrix of(List<String> columnNames, double[] values) {
    int columns = Math.max(1, columnNames.size());
    boolean[] present = new boolean[values.length / columns];
    Arrays.fill(present, true);
    return of(columnNames, values, present);
  }

  /**
   * A matrix with stated presence.
   *
   * @param columnNames one name per column, at least one
   * @param values row-major, rows x columns; the values of absent rows are ignored
   * @param present one entry per row
   * @return the matrix, holding copies
   * @throws DataException if the sizes do not fit or a value of a present row is not finite
   */
  public static FeatureMatrix of(List<String> columnNames, double[] values, boolean[] present) {
    int columns = columnNames.size();
    if (columns == 0) {
      throw new DataException("features: a modality needs at least one column");
    }
    if (values.length != (long) present.length * columns) {
      throw new DataException(
          "features: "
              + present.length
              + " rows x "
              + columns
              + " columns need "
              + (long) present.length * columns
              + " values, "
              + values.length
              + " came");
    }
    double[] copy = values.clone();
    for (int row = 0; row < present.length; row++) {
      if (!present[row]) {
        Arrays.fill(copy, row * columns, (row + 1) * columns, 0.0);
        continue;
      }
      for (int column = 0; column < columns; column++) {
        double value = copy[row * columns + column];
        if (!Double.isFinite(value)) {
          throw new DataException(
              "features: row "
                  + (row + 1)
                  + ", column '"
                  + columnNames.get(column)
                  + "': "
                  + value
                  + " is not finite; give a number, or mark the whole row as missing");
        }
      }
    }
    return new FeatureMatrix(List.copyOf(columnNames), present.length, copy, present.clone());
  }

  /** Takes over arrays that nobody else keeps and that are already checked. */
  static FeatureMatrix adopt(List<String> columnNames, double[] values, boolean[] present) {
    return new FeatureMatrix(List.copyOf(columnNames), present.length, values, present);
  }

  /**
   * A modality that is missing for every row.
   *
   * @param columnNames one name per column, at least one
   * @param rows how many rows
   * @return zeros, nothing present
   */
  public static FeatureMatrix absent(List<String> columnNames, int rows) {
    return of(
        columnNames, new double[Math.multiplyExact(rows, columnNames.size())], new boolean[rows]);
  }

  /**
   * Number of rows.
   *
   * @return rows, present or not
   */
  public int rows() {
    return rows;
  }

  /**
   * Number of columns.
   *
   * @return at least 1
   */
  public int columns() {
    return columnNames.size();
  }

  /**
   * The column names.
   *
   * @return an unmodifiable list, one per column
   */
  public List<String> columnNames() {
    return columnNames;
  }

  /**
   * Whether a row has this modality.
   *
   * @param row from 0
   * @return false if the modality is missing there
   */
  public boolean isPresent(int row) {
    return present[row];
  }

  /**
   * How many rows have this modality.
   *
   * @return at most {@link #rows()}
   */
  public int presentRows() {
    int count = 0;
    for (boolean there : present) {
      count += there ? 1 : 0;
    }
    return count;
  }

  /**
   * One value.
   *
   * @param row from 0
   * @param column from 0
   * @return the value; 0 if the row is not present
   */
  public double get(int row, int column) {
    if (column < 0 || column >= columns()) {
      throw new IndexOutOfBoundsException(
          "column " + column + " of a matrix with " + columns() + " columns");
    }
    return values[row * columns() + column];
  }

  /**
   * A copy of all values.
   *
   * @return rows x columns, row-major
   */
  public double[] toArray() {
    return values.clone();
  }

  /**
   * Copies one row.
   *
   * @param row from 0
   * @param destination receives {@link #columns()} values
   * @param offset where the first value goes
   */
  public void copyRow(int row, double[] destination, int offset) {
    System.arraycopy(values, row * columns(), destination, offset, columns());
  }

  /**
   * Some of the rows, in the order given.
   *
   * @param indices rows from 0; may repeat
   * @return a matrix with one row per index
   */
  public FeatureMatrix selectRows(int[] indices) {
    double[] selected = new double[Math.multiplyExact(indices.length, columns())];
    boolean[] there = new boolean[indices.length];
    for (int i = 0; i < indices.length; i++) {
      copyRow(indices[i], selected, i * columns());
      there[i] = present[indices[i]];
    }
    return new FeatureMatrix(columnNames, indices.length, selected, there);
  }
}
