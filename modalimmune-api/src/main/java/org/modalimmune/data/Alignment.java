package org.modalimmune.data;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.modalimmune.io.DataException;

/** Checks that the parts of a split describe the same rows and the expected columns. */
final class Alignment {
  private Alignment() {}

  /** Refuses parts whose row counts or ids differ; the labels, or the first part, set the rule. */
  static void check(
      Optional<SplitSource.Labels> labels, Collection<SplitSource.Features> features) {
    SplitSource.Features first = features.iterator().next();
    SplitSource.Origin ruler = first.origin();
    int rows = first.matrix().rows();
    if (labels.isPresent() && labels.get().rows() >= 0) {
      ruler = labels.get().origin();
      rows = labels.get().rows();
    }
    for (SplitSource.Features part : features) {
      if (part.matrix().rows() != rows) {
        throw new DataException(
            part.origin().name()
                + " has "
                + part.matrix().rows()
                + " rows, "
                + ruler.name()
                + " has "
                + rows
                + "; each needs one row per sample, in the same order");
      }
    }
    Optional<List<String>> expected = labels.flatMap(SplitSource.Labels::ids);
    SplitSource.Origin origin = ruler;
    for (SplitSource.Features part : features) {
      if (part.ids().isPresent() && expected.isPresent()) {
        checkIds(part, part.ids().get(), origin, expected.get());
      } else if (part.ids().isPresent()) {
        expected = part.ids();
        origin = part.origin();
      }
    }
  }

  private static void checkIds(
      SplitSource.Features part,
      List<String> came,
      SplitSource.Origin origin,
      List<String> expected) {
    for (int row = 0; row < came.size(); row++) {
      if (!came.get(row).equals(expected.get(row))) {
        throw new DataException(
            part.origin().name()
                + ", "
                + part.origin().row(row)
                + ": the id is '"
                + came.get(row)
                + "', "
                + origin.name()
                + " has '"
                + expected.get(row)
                + "' in this row; bring the files into the same order");
      }
    }
  }

  /** The matrix with the modality's columns in its order; columns are matched by name. */
  static FeatureMatrix toColumns(SplitSource.Features part, Modality modality) {
    FeatureMatrix matrix = part.matrix();
    List<String> came = matrix.columnNames();
    if (came.equals(modality.columnNames())) {
      return matrix;
    }
    for (String column : modality.columnNames()) {
      if (!came.contains(column)) {
        throw new DataException(
            part.origin().name()
                + ": the column '"
                + column
                + "' of modality '"
                + modality.name()
                + "' is missing ("
                + came.size()
                + " columns came, "
                + modality.columns()
                + " were trained on); these are other data, or the column was renamed");
      }
    }
    HashSet<String> known = new HashSet<>(modality.columnNames());
    for (String column : came) {
      if (!known.contains(column)) {
        throw new DataException(
            part.origin().name()
                + ": the column '"
                + column
                + "' does not belong to modality '"
                + modality.name()
                + "' as it was trained on; remove it");
      }
    }
    int[] from = modality.columnNames().stream().mapToInt(came::indexOf).toArray();
    double[] values = new double[matrix.rows() * from.length];
    boolean[] present = new boolean[matrix.rows()];
    for (int row = 0; row < matrix.rows(); row++) {
      present[row] = matrix.isPresent(row);
      for (int column = 0; column < from.length; column++) {
        values[row * from.length + column] = matrix.get(row, from[column]);
      }
    }
    return FeatureMatrix.adopt(modality.columnNames(), values, present);
  }

  /** Refuses a row in which no modality is present: there is nothing to learn or predict from. */
  static void requireSomethingPresent(Collection<SplitSource.Features> features, int rows) {
    for (int row = 0; row < rows; row++) {
      int here = row;
      if (features.stream().noneMatch(part -> part.matrix().isPresent(here))) {
        SplitSource.Origin origin = features.iterator().next().origin();
        throw new DataException(
            origin.name()
                + ", "
                + origin.row(row)
                + ": every modality is missing in this row; remove the row from all files");
      }
    }
  }

  /** The ids found first, else row numbers from 1. */
  static List<String> ids(
      Optional<SplitSource.Labels> labels, Collection<SplitSource.Features> features, int rows) {
    return labels
        .flatMap(SplitSource.Labels::ids)
        .or(() -> features.stream().flatMap(part -> part.ids().stream()).findFirst())
        .orElseGet(() -> IntStream.rangeClosed(1, rows).mapToObj(Integer::toString).toList());
  }
}
