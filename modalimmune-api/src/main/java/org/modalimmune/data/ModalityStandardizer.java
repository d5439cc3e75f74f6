package org.modalimmune.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.modalimmune.io.DataException;

/**
 * Standardisation of one modality: drops columns that were constant where it was fitted, and maps
 * the others to {@code clip((x - mean) / std, -5, 5)}.
 *
 * <p>Mean and standard deviation (divisor n) come from the present rows of the fitted matrix alone,
 * by the corrected two-pass algorithm (Chan, Golub, LeVeque, "Algorithms for Computing the Sample
 * Variance", The American Statistician 37, 1983, eq. 1.7), on values shifted by the first one so
 * that a large common offset costs no digits. Immutable.
 */
public final class ModalityStandardizer {
  /** Bound on the magnitude of a standardised value. */
  public static final double CLIP = 5.0;

  /** A spread of a few units in the last place of the magnitude is rounding, not signal. */
  private static final double NEGLIGIBLE = 1e-15;

  private final Modality input;
  private final int[] kept;
  private final double[] mean;
  private final double[] std;
  private final Modality output;

  private ModalityStandardizer(Modality input, int[] kept, double[] mean, double[] std) {
    this.input = input;
    this.kept = kept;
    this.mean = mean;
    this.std = std;
    this.output =
        new Modality(input.name(), Arrays.stream(kept).mapToObj(input.columnNames()::get).toList());
  }

  /**
   * A standardiser with known figures, for example from a model file.
   *
   * @param input the modality as it comes
   * @param kept the columns that are kept, ascending
   * @param mean one mean per kept column
   * @param std one standard deviation per kept column, above 0
   * @return the standardiser
   * @throws DataException if the sizes or values do not fit
   */
  public static ModalityStandardizer of(Modality input, int[] kept, double[] mean, double[] std) {
    String place = "standardiser of '" + input.name() + "': ";
    if (kept.length == 0 || kept.length != mean.length || kept.length != std.length) {
      throw new DataException(
          place
              + "one mean and one deviation per kept column are needed; "
              + kept.length
              + " columns, "
              + mean.length
              + " means, "
              + std.length
              + " deviations came");
    }
    for (int i = 0; i < kept.length; i++) {
      if (kept[i] < (i == 0 ? 0 : kept[i - 1] + 1) || kept[i] >= input.columns()) {
        throw new DataException(
            place
                + "kept columns must ascend within 0.."
                + (input.columns() - 1)
                + "; column "
                + kept[i]
                + " came at place "
                + i);
      }
      if (!Double.isFinite(mean[i]) || !(std[i] > 0) || !Double.isFinite(std[i])) {
        throw new DataException(
            place
                + "column '"
                + input.columnNames().get(kept[i])
                + "' has mean "
                + mean[i]
                + " and deviation "
                + std[i]
                + "; finite and above 0 are needed");
      }
    }
    return new ModalityStandardizer(input, kept.clone(), mean.clone(), std.clone());
  }

  /**
   * Fits to the present rows of a training matrix.
   *
   * @param name the modality's name
   * @param train the training rows, and no others
   * @return the fitted standardiser
   * @throws DataException if no row is present or every column is constant
   */
  public static ModalityStandardizer fit(String name, FeatureMatrix train) {
    int columns = train.columns();
    double[] mean = new double[columns];
    double[] std = new double[columns];
    fitColumns(train, mean, std);
    int[] kept = new int[columns];
    int count = 0;
    for (int column = 0; column < columns; column++) {
      if (!Double.isFinite(std[column])) {
        throw new DataException(
            "modality '"
                + name
                + "', column '"
                + train.columnNames().get(column)
                + "': values so large that their squares overflow; rescale the column");
      }
      if (std[column] > 0) {
        mean[count] = mean[column];
        std[count] = std[column];
        kept[count++] = column;
      }
    }
    if (count == 0) {
      throw new DataException(
          "modality '"
              + name
              + "' has no usable column: "
              + (train.presentRows() == 0
                  ? "it is missing in every training row"
                  : "each of its "
                      + columns
                      + " columns is constant over the "
                      + train.presentRows()
                      + " training rows that have it")
              + "; leave the modality out");
    }
    return new ModalityStandardizer(
        new Modality(name, train.columnNames()),
        Arrays.copyOf(kept, count),
        Arrays.copyOf(mean, count),
        Arrays.copyOf(std, count));
  }

  /** Fills mean and standard deviation of every column; a deviation of 0 marks a constant one. */
  private static void fitColumns(FeatureMatrix train, double[] mean, double[] std) {
    int columns = train.columns();
    double[] row = new double[columns];
    double[] shift = new double[columns];
    double[] largest = new double[columns];
    long count = 0;
    for (int r = 0; r < train.rows(); r++) {
      if (!train.isPresent(r)) {
        continue;
      }
      train.copyRow(r, row, 0);
      if (count++ == 0) {
        System.arraycopy(row, 0, shift, 0, columns);
      }
      for (int c = 0; c < columns; c++) {
        mean[c] += row[c] - shift[c];
        largest[c] = Math.max(largest[c], Math.abs(row[c]));
      }
    }
    double[] squares = new double[columns];
    double[] residue = new double[columns];
    for (int r = 0; r < train.rows(); r++) {
      if (!train.isPresent(r)) {
        continue;
      }
      train.copyRow(r, row, 0);
      for (int c = 0; c < columns; c++) {
        double deviation = row[c] - shift[c] - mean[c] / count;
        squares[c] += deviation * deviation;
        residue[c] += deviation;
      }
    }
    for (int c = 0; c < columns && count > 0; c++) {
      double variance = (squares[c] - residue[c] * residue[c] / count) / count;
      double deviation = Math.sqrt(Math.max(0, variance));
      std[c] = deviation > NEGLIGIBLE * largest[c] ? deviation : 0;
      mean[c] = shift[c] + mean[c] / count + residue[c] / count;
    }
  }

  /**
   * Standardises rows; rows without the modality stay absent, with zeros.
   *
   * @param matrix rows with exactly the input's columns
   * @return the kept columns, standardised and clipped
   * @throws DataException if the columns differ from the fitted ones
   */
  public FeatureMatrix transform(FeatureMatrix matrix) {
    if (!matrix.columnNames().equals(input.columnNames())) {
      throw new DataException(
          "modality '"
              + input.name()
              + "': "
              + matrix.columns()
              + " columns came whose names differ from the "
              + input.columns()
              + " that were fitted; these are other data");
    }
    double[] values = new double[Math.multiplyExact(matrix.rows(), kept.length)];
    boolean[] present = new boolean[matrix.rows()];
    double[] row = new double[matrix.columns()];
    for (int r = 0; r < matrix.rows(); r++) {
      present[r] = matrix.isPresent(r);
      if (!present[r]) {
        continue;
      }
      matrix.copyRow(r, row, 0);
      for (int i = 0; i < kept.length; i++) {
        double score = (row[kept[i]] - mean[i]) / std[i];
        values[r * kept.length + i] = Math.clamp(score, -CLIP, CLIP);
      }
    }
    return FeatureMatrix.adopt(output.columnNames(), values, present);
  }

  /**
   * The modality as it comes.
   *
   * @return with all columns
   */
  public Modality input() {
    return input;
  }

  /**
   * The modality as it leaves.
   *
   * @return with the kept columns
   */
  public Modality output() {
    return output;
  }

  /**
   * The columns that are kept.
   *
   * @return a copy, ascending indices into the input's columns
   */
  public int[] keptColumns() {
    return kept.clone();
  }

  /**
   * Names of the columns that were constant where this was fitted.
   *
   * @return in the input's order; empty if all are kept
   */
  public List<String> droppedColumns() {
    List<String> dropped = new ArrayList<>(input.columnNames());
    for (int i = kept.length - 1; i >= 0; i--) {
      dropped.remove(kept[i]);
    }
    return List.copyOf(dropped);
  }

  /**
   * Means of the kept columns.
   *
   * @return a copy
   */
  public double[] mean() {
    return mean.clone();
  }

  /**
   * Standard deviations of the kept columns.
   *
   * @return a copy
   */
  public double[] std() {
    return std.clone();
  }
}
