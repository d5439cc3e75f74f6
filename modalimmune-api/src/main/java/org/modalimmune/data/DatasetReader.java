package org.modalimmune.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modalimmune.io.DataException;

/**
 * Reads a multimodal data set and checks it.
 *
 * <ul>
 *   <li>A folder: {@code <modality>_<split>.csv} and {@code labels_<split>.csv}, RFC 4180 in UTF-8,
 *       with a header, one row per sample; split is {@code train} or {@code test}.
 *   <li>A file {@code .npz} (NumPy, {@code numpy.savez}) or {@code .safetensors}: arrays {@code
 *       <modality>_<split>} of shape [rows, columns] and {@code labels_<split>} of shape [rows].
 * </ul>
 *
 * <p>For a finished model the suffix {@code _<split>} may be missing. A row whose cells are all
 * empty (NaN in arrays) is a missing modality. Everything that is wrong with the input is a {@link
 * DataException} whose one-line message names the file, row and column and what to do. The full
 * contract is on the page {@code spec/data.md}.
 */
public final class DatasetReader {
  private static final String TRAIN = "train";
  private static final String TEST = "test";
  private static final String LABELS = "labels";

  private final String name;
  private final Path path;
  private final SplitSource source;
  private final DatasetOptions options;

  private DatasetReader(String name, Path path, SplitSource source, DatasetOptions options) {
    this.name = name;
    this.path = path;
    this.source = source;
    this.options = options;
  }

  /**
   * Picks the reader for what is at a path; reads nothing yet.
   *
   * @param path a folder of CSV files, or a {@code .npz} or {@code .safetensors} file
   * @param options columns and modalities to take
   * @return a reader; holds nothing open
   * @throws DataException if nothing that can be read is there
   */
  public static DatasetReader open(Path path, DatasetOptions options) {
    if (!Files.exists(path)) {
      throw new DataException(path + ": no such file or folder");
    }
    Path last = path.toAbsolutePath().normalize().getFileName();
    String file = last == null ? path.toString() : last.toString();
    if (Files.isDirectory(path)) {
      return new DatasetReader(file, path, new CsvSource(path, options), options);
    }
    int dot = file.lastIndexOf('.');
    String stem = dot < 0 ? file : file.substring(0, dot);
    ArraySource.Opener opener =
        switch (dot < 0 ? "" : file.substring(dot)) {
          case ".npz" -> ArrayContainer::npz;
          case ".safetensors" -> ArrayContainer::safetensors;
          default ->
              throw new DataException(
                  path
                      + ": not a data set; give a folder of CSV files, or a .npz or .safetensors"
                      + " file");
        };
    return new DatasetReader(stem, path, new ArraySource(path, opener, options), options);
  }

  /**
   * Reads the training split and, if there is one, the test split.
   *
   * @return the data set; classes are sorted as integers where all labels are integers, else as
   *     text
   * @throws DataException if anything is wrong with the input
   */
  public MultimodalDataset readDataset() {
    return reading(
        () -> {
          List<String> names = trainingModalities();
          RawSplit raw = readRaw(TRAIN, names, true, true);
          ClassNames classes = ClassNames.of(raw.labels(), options.labelColumn());
          List<Modality> modalities = new ArrayList<>();
          raw.features()
              .forEach(
                  (modality, part) -> {
                    requireUsable(modality, part);
                    modalities.add(new Modality(modality, part.matrix().columnNames()));
                  });
          DatasetSchema schema = new DatasetSchema(modalities, classes.names());
          MultimodalSplit train = assemble(raw, schema, true);
          Optional<MultimodalSplit> test = Optional.empty();
          if (source.hasLabels(TEST) || !source.modalities(TEST).isEmpty()) {
            test = Optional.of(assemble(readRaw(TEST, names, true, false), schema, true));
          }
          return new MultimodalDataset(name, schema, train, test);
        });
  }

  /**
   * Reads labelled rows for a finished model: the test split if there is one, else files or arrays
   * without a suffix. A modality that is not there is missing for all rows.
   *
   * @param schema what the model expects
   * @return the rows, in the schema's order
   * @throws DataException if anything is wrong, or the data do not belong to the model
   */
  public TestData readForEvaluation(DatasetSchema schema) {
    return reading(() -> new TestData(name, schema, readFor(schema, true)));
  }

  /**
   * Reads rows to predict, as {@link #readForEvaluation} does, but ignores labels; a label file is
   * used for its ids alone.
   *
   * @param schema what the model expects
   * @return the rows, in the schema's order, without labels
   * @throws DataException if anything is wrong, or the data do not belong to the model
   */
  public TestData readForPrediction(DatasetSchema schema) {
    return reading(() -> new TestData(name, schema, readFor(schema, false)));
  }

  private MultimodalSplit readFor(DatasetSchema schema, boolean labelled) throws IOException {
    List<String> expected = schema.modalityNames();
    String split = source.modalities(TEST).stream().anyMatch(expected::contains) ? TEST : "";
    List<String> found = source.modalities(split).stream().filter(expected::contains).toList();
    if (found.isEmpty()) {
      throw new DataException(
          path
              + ": holds none of the model's modalities "
              + expected
              + "; "
              + source.place(expected.get(0), TEST)
              + " or "
              + source.place(expected.get(0), "")
              + " would be one");
    }
    return assemble(readRaw(split, found, labelled, false), schema, labelled);
  }

  private List<String> trainingModalities() throws IOException {
    List<String> found = source.modalities(TRAIN);
    if (found.isEmpty()) {
      throw new DataException(
          path
              + ": holds no training data; "
              + source.place("<modality>", TRAIN)
              + " and "
              + source.place(LABELS, TRAIN)
              + " are needed");
    }
    for (String modality : options.modalities()) {
      if (!found.contains(modality)) {
        throw new DataException(
            path + ": has no modality '" + modality + "' for training; it has " + found);
      }
      if (options.modalities().indexOf(modality) != options.modalities().lastIndexOf(modality)) {
        throw new DataException("the modality '" + modality + "' is named twice; name it once");
      }
    }
    return options.modalities().isEmpty() ? found : options.modalities();
  }

  /** The parts of a split as they were read, of aligned length. */
  private record RawSplit(
      Map<String, SplitSource.Features> features, Optional<SplitSource.Labels> labels) {}

  private RawSplit readRaw(String split, List<String> names, boolean needLabels, boolean needGroups)
      throws IOException {
    Optional<SplitSource.Labels> labels = Optional.empty();
    if (source.hasLabels(split)) {
      labels = Optional.of(source.labels(split, needLabels, needGroups));
    } else if (needLabels) {
      throw new DataException(
          source.place(LABELS, split) + ": is missing; labels are needed here, add it");
    }
    Map<String, SplitSource.Features> features = new LinkedHashMap<>();
    for (String modality : names) {
      features.put(
          modality,
          source
              .features(modality, split)
              .orElseThrow(
                  () ->
                      new DataException(
                          source.place(modality, split)
                              + ": is missing; add it, or leave the modality out")));
    }
    Alignment.check(labels, features.values());
    return new RawSplit(features, labels);
  }

  private static void requireUsable(String modality, SplitSource.Features part) {
    try {
      ModalityStandardizer.fit(modality, part.matrix());
    } catch (DataException e) {
      throw new DataException(part.origin().name() + ": " + e.getMessage(), e);
    }
  }

  private MultimodalSplit assemble(RawSplit raw, DatasetSchema schema, boolean labelled) {
    int rows = raw.features().values().iterator().next().matrix().rows();
    List<FeatureMatrix> features = new ArrayList<>();
    for (Modality modality : schema.modalities()) {
      SplitSource.Features part = raw.features().get(modality.name());
      features.add(
          part == null
              ? FeatureMatrix.absent(modality.columnNames(), rows)
              : Alignment.toColumns(part, modality));
    }
    Alignment.requireSomethingPresent(raw.features().values(), rows);
    List<String> ids = Alignment.ids(raw.labels(), raw.features().values(), rows);
    if (!labelled) {
      return MultimodalSplit.unlabelled(schema.modalities(), features, ids);
    }
    SplitSource.Labels labels =
        raw.labels().orElseThrow(() -> new IllegalStateException("labels were asked for"));
    int[] indices = new ClassNames(schema.classNames()).indices(labels, options.labelColumn());
    return new MultimodalSplit(schema.modalities(), features, indices, ids, labels.groups());
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> T reading(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
