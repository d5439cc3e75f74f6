package org.modalimmune.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.modalimmune.data.DatasetOptions;
import org.modalimmune.data.DatasetReader;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.io.DataException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which parts of the data train a model, and how validation rows are held out. */
final class TrainingRowsArguments {
  @Mixin private LabelArguments label = new LabelArguments();

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      description =
          "Column of the label file whose groups, such as speakers or videos, stay together when"
              + " validation rows are held out. Default: rows are held out one by one.")
  private Optional<String> group = Optional.empty();

  @Option(
      names = "--modalities",
      paramLabel = "NAME",
      split = ",",
      description =
          "Modalities to use, in this order, separated by commas. Default: all, in alphabetical"
              + " order.")
  private List<String> modalities = List.of();

  @Option(
      names = "--validation",
      paramLabel = "FRACTION",
      description =
          "Part of the training rows held out to select the epoch, above 0 and below 1. Default:"
              + " ${DEFAULT-VALUE}.")
  private double validation = ValidationOptions.DEFAULT_FRACTION;

  /**
   * Reads and checks everything.
   *
   * @param path folder or file
   * @param reading options of the reader for the columns that are not named here
   */
  MultimodalDataset read(Path path, DatasetOptions reading) {
    // Refused before the files are read, which may take a while.
    ValidationOptions checked = new ValidationOptions(validation, OptionalInt.empty(), 0);
    DatasetOptions options = label.applyTo(reading).withModalities(modalities);
    if (modalities.stream().anyMatch(String::isBlank)) {
      throw new UsageException("--modalities: names are separated by single commas");
    }
    MultimodalDataset dataset =
        DatasetReader.open(path, group.map(options::withGroupColumn).orElse(options)).readDataset();
    try {
      // Groups that cannot be divided are refused before work begins, whatever the seed.
      dataset.trainingData(checked);
    } catch (DataException e) {
      String column = group.map(g -> ", group column '" + g + "'").orElse("");
      throw new DataException(path + column + ": " + e.getMessage(), e);
    }
    return dataset;
  }

  /** The part held out; refused if it is none. */
  double validation() {
    return new ValidationOptions(validation, OptionalInt.empty(), 0).fraction();
  }
}
