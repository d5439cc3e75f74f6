package org.modalimmune.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.modalimmune.io.DataException;

/** Aligned rows of all modalities, with labels where they are known. Immutable. */
public final class MultimodalSplit {
  private final List<Modality> modalities;
  private final List<FeatureMatrix> features;
  private final Optional<int[]> labels;
  private final List<String> ids;
  private final Optional<List<String>> groups;

  /**
   * Rows with labels.
   *
   * @param modalities the modalities
   * @param features one matrix per modality, in the same order, all with the same number of rows
   * @param labels one class index per row
   * @param ids one name per row
   * @param groups one group name per row, or empty if rows are not grouped
   * @throws DataException if sizes differ
   */
  public MultimodalSplit(
      List<Modality> modalities,
      List<FeatureMatrix> features,
      int[] labels,
      List<String> ids,
      Optional<List<String>> groups) {
    this(modalities, features, Optional.of(labels.clone()), ids, groups.map(List::copyOf));
  }

  private MultimodalSplit(
      List<Modality> modalities,
      List<FeatureMatrix> features,
      Optional<int[]> labels,
      List<String> ids,
      Optional<List<String>> groups) {
    this.modalities = List.copyOf(modalities);
    this.features = List.copyOf(features);
    this.labels = labels;
    this.ids = List.copyOf(ids);
    this.groups = groups;
    if (modalities.isEmpty() || modalities.size() != features.size()) {
      throw new DataException(
          "split: "
              + modalities.size()
              + " modalities and "
              + features.size()
              + " feature matrices; one matrix per modality, at least one");
    }
    int rows = features.get(0).rows();
    for (int m = 0; m < modalities.size(); m++) {
      String name = modalities.get(m).name();
      if (!features.get(m).columnNames().equals(modalities.get(m).columnNames())) {
        throw new DataException("split: the columns of '" + name + "' differ from its matrix");
      }
      checkRows("modality '" + name + "'", features.get(m).rows(), rows);
    }
    labels.ifPresent(array -> checkRows("labels", array.length, rows));
    checkRows("ids", ids.size(), rows);
    groups.ifPresent(list -> checkRows("groups", list.size(), rows));
  }

  /**
   * Rows whose labels are not known.
   *
   * @param modalities the modalities
   * @param features one matrix per modality, in the same order, all with the same number of rows
   * @param ids one name per row
   * @return the split
   * @throws DataException if sizes differ
   */
  public static MultimodalSplit unlabelled(
      List<Modality> modalities, List<FeatureMatrix> features, List<String> ids) {
    return new MultimodalSplit(modalities, features, Optional.empty(), ids, Optional.empty());
  }

  private static void checkRows(String what, int came, int rows) {
    if (came != rows) {
      throw new DataException(
          "split: " + what + " has " + came + " rows, the first modality " + rows);
    }
  }

  /**
   * Number of rows.
   *
   * @return rows of every matrix
   */
  public int rows() {
    return ids.size();
  }

  /**
   * The modalities.
   *
   * @return in the order of {@link #features()}
   */
  public List<Modality> modalities() {
    return modalities;
  }

  /**
   * The features of all modalities.
   *
   * @return one matrix per modality
   */
  public List<FeatureMatrix> features() {
    return features;
  }

  /**
   * The features of one modality.
   *
   * @param modality index into {@link #modalities()}
   * @return its matrix
   */
  public FeatureMatrix features(int modality) {
    return features.get(modality);
  }

  /**
   * Whether labels are known.
   *
   * @return false for rows to predict
   */
  public boolean hasLabels() {
    return labels.isPresent();
  }

  /**
   * A copy of the labels.
   *
   * @return one class index per row
   * @throws IllegalStateException if {@link #hasLabels()} is false
   */
  public int[] labels() {
    return labels
        .orElseThrow(() -> new IllegalStateException("this split has no labels; see hasLabels()"))
        .clone();
  }

  /**
   * Names of the rows: the id column where there is one, else the row numbers from 1.
   *
   * @return one per row
   */
  public List<String> ids() {
    return ids;
  }

  /**
   * The groups to which rows belong.
   *
   * @return one name per row, or empty if rows are not grouped
   */
  public Optional<List<String>> groups() {
    return groups;
  }

  /**
   * Some of the rows, in the order given.
   *
   * @param indices rows from 0
   * @return a split with one row per index
   */
  public MultimodalSplit selectRows(int[] indices) {
    return new MultimodalSplit(
        modalities,
        features.stream().map(matrix -> matrix.selectRows(indices)).toList(),
        labels.map(array -> Arrays.stream(indices).map(i -> array[i]).toArray()),
        IntStream.of(indices).mapToObj(ids::get).toList(),
        groups.map(list -> IntStream.of(indices).mapToObj(list::get).toList()));
  }
}
