package org.modalimmune.data;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.modalimmune.io.DataException;

/**
 * Reads the parts of one split from wherever a data set is stored; what the parts mean together is
 * checked by {@link DatasetReader}. The split name is {@code train}, {@code test}, or empty for
 * files without a suffix.
 */
interface SplitSource {
  /** Where a part's rows came from, for messages. */
  interface Origin {
    /** The file, or the file and the array in it. */
    String name();

    /** One row, counted from 0, as a person would look it up. */
    String row(int row);
  }

  /**
   * A modality's features.
   *
   * @param ids one per row, or empty if the part carries none
   */
  record Features(Origin origin, FeatureMatrix matrix, Optional<List<String>> ids) {}

  /**
   * A split's labels, with whatever was found beside them.
   *
   * @param values one text per row, or empty where labels were not asked for
   */
  record Labels(
      Origin origin,
      int rows,
      Optional<List<String>> values,
      Optional<List<String>> groups,
      Optional<List<String>> ids) {}

  /** Names of the modalities that the split has, in alphabetical order. */
  List<String> modalities(String split) throws IOException;

  /** Whether the split has labels. */
  boolean hasLabels(String split) throws IOException;

  /** Where a part would have to be, for messages. */
  String place(String part, String split);

  /** Reads a modality, or gives empty if the split has none of this name. */
  Optional<Features> features(String modality, String split) throws IOException;

  /**
   * Reads the labels.
   *
   * @param needLabels whether the label column must exist and be filled
   * @param needGroups whether a named group column must exist
   * @throws DataException if something needed is missing
   */
  Labels labels(String split, boolean needLabels, boolean needGroups) throws IOException;

  /** The stored name of a part. */
  static String fileName(String part, String split) {
    return split.isEmpty() ? part : part + "_" + split;
  }
}
