package org.modalimmune.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.modalimmune.io.DataException;

/**
 * One file of named arrays: features {@code [rows, columns]}, labels, groups and ids {@code
 * [rows]}.
 */
final class ArraySource implements SplitSource {
  private static final String LABELS = "labels";

  /** Opens the file anew, so that nothing stays open between reads. */
  interface Opener {
    ArrayContainer open(Path path) throws IOException;
  }

  private final Path path;
  private final Opener opener;
  private final DatasetOptions options;

  ArraySource(Path path, Opener opener, DatasetOptions options) {
    this.path = path;
    this.opener = opener;
    this.options = options;
  }

  private record ArrayOrigin(String name) implements Origin {
    @Override
    public String row(int row) {
      return "row " + (row + 1);
    }
  }

  @Override
  public List<String> modalities(String split) throws IOException {
    String ending = SplitSource.fileName("", split);
    Set<String> others = new HashSet<>(List.of(labelName(), idName()));
    options.groupColumn().ifPresent(others::add);
    try (ArrayContainer arrays = opener.open(path)) {
      return arrays.names().stream()
          .filter(name -> name.endsWith(ending) && name.length() > ending.length())
          .map(name -> name.substring(0, name.length() - ending.length()))
          .filter(name -> !others.contains(name))
          .sorted()
          .toList();
    }
  }

  private String labelName() {
    return options.labelColumn().equals(DatasetOptions.DEFAULT_LABEL)
        ? LABELS
        : options.labelColumn();
  }

  private String idName() {
    return DistinctIds.name(options);
  }

  @Override
  public boolean hasLabels(String split) throws IOException {
    try (ArrayContainer arrays = opener.open(path)) {
      return arrays.names().contains(SplitSource.fileName(labelName(), split));
    }
  }

  @Override
  public String place(String part, String split) {
    String array = part.equals(LABELS) ? labelName() : part;
    return path + ", array '" + SplitSource.fileName(array, split) + "'";
  }

  @Override
  public Optional<Features> features(String modality, String split) throws IOException {
    String array = SplitSource.fileName(modality, split);
    try (ArrayContainer arrays = opener.open(path)) {
      if (!arrays.names().contains(array)) {
        return Optional.empty();
      }
      Origin origin = new ArrayOrigin(place(modality, split));
      List<Long> shape = arrays.shape(array);
      if (shape.size() != 2 || shape.contains(0L) || shape.get(1) > Integer.MAX_VALUE) {
        throw new DataException(
            origin.name()
                + ": shape "
                + shape
                + "; a modality needs [rows, columns], at least one of each; reshape it, or name"
                + " the modalities to read");
      }
      int columns = shape.get(1).intValue();
      List<String> names =
          IntStream.range(0, columns).mapToObj(column -> modality + "_" + column).toList();
      return Optional.of(
          new Features(origin, matrix(origin, names, arrays.doubles(array)), Optional.empty()));
    }
  }

  /** A row of NaN alone is a missing modality, as a row of empty cells is in CSV. */
  private static FeatureMatrix matrix(Origin origin, List<String> names, double[] values) {
    int columns = names.size();
    boolean[] present = new boolean[values.length / columns];
    for (int row = 0; row < present.length; row++) {
      int missing = 0;
      int bad = -1;
      for (int column = 0; column < columns; column++) {
        double value = values[row * columns + column];
        missing += Double.isNaN(value) ? 1 : 0;
        bad = bad < 0 && !Double.isFinite(value) ? column : bad;
      }
      present[row] = bad < 0;
      if (bad >= 0 && missing < columns) {
        throw new DataException(
            origin.name()
                + ", "
                + origin.row(row)
                + ", column '"
                + names.get(bad)
                + "': "
                + values[row * columns + bad]
                + " is not finite; give a number, or fill the whole row with NaN if the modality is"
                + " missing there");
      }
    }
    return FeatureMatrix.of(names, values, present);
  }

  @Override
  public Labels labels(String split, boolean needLabels, boolean needGroups) throws IOException {
    try (ArrayContainer arrays = opener.open(path)) {
      Optional<List<String>> labels = column(arrays, LABELS, split, needLabels);
      Optional<List<String>> groups = Optional.empty();
      if (options.groupColumn().isPresent()) {
        groups = column(arrays, options.groupColumn().get(), split, needGroups);
      }
      Optional<List<String>> ids = column(arrays, idName(), split, options.idColumn().isPresent());
      Origin origin = new ArrayOrigin(place(LABELS, split));
      int rows = -1;
      for (Optional<List<String>> column : List.of(labels, groups, ids)) {
        int here = column.map(List::size).orElse(rows);
        if (rows >= 0 && here != rows) {
          throw new DataException(
              origin.name()
                  + " and the groups or ids beside it differ in length: "
                  + rows
                  + " and "
                  + here
                  + "; give each one entry per row");
        }
        rows = here;
      }
      Origin idOrigin = new ArrayOrigin(place(idName(), split));
      ids.ifPresent(texts -> DistinctIds.require(options, idOrigin, "", texts));
      return new Labels(origin, rows, needLabels ? labels : Optional.empty(), groups, ids);
    }
  }

  private Optional<List<String>> column(
      ArrayContainer arrays, String part, String split, boolean needed) throws IOException {
    String array = SplitSource.fileName(part.equals(LABELS) ? labelName() : part, split);
    if (!arrays.names().contains(array)) {
      if (needed) {
        throw new DataException(
            path + ": has no array '" + array + "'; it has " + new ArrayList<>(arrays.names()));
      }
      return Optional.empty();
    }
    if (arrays.shape(array).size() != 1) {
      throw new DataException(
          place(part, split) + ": shape " + arrays.shape(array) + "; [rows] is needed");
    }
    return Optional.of(arrays.strings(array));
  }
}
