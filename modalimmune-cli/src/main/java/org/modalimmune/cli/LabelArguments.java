package org.modalimmune.cli;

import org.modalimmune.data.DatasetOptions;
import picocli.CommandLine.Option;

/** Which column holds the class. */
final class LabelArguments {
  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "Column of the label file that holds the class. Default: ${DEFAULT-VALUE}.")
  private String label = DatasetOptions.DEFAULT_LABEL;

  DatasetOptions applyTo(DatasetOptions options) {
    return options.withLabelColumn(label);
  }
}
