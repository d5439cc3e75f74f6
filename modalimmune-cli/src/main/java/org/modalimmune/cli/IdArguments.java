package org.modalimmune.cli;

import java.util.Optional;
import org.modalimmune.data.DatasetOptions;
import picocli.CommandLine.Option;

/** Which column names the rows. */
final class IdArguments {
  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description =
          "Column that names the rows; it must then exist. Default: '"
              + DatasetOptions.DEFAULT_ID
              + "' where there is one, else row numbers.")
  private Optional<String> id = Optional.empty();

  /** Options of the reader, with the id column if one is named. */
  DatasetOptions options() {
    DatasetOptions options = DatasetOptions.defaults();
    return id.map(options::withIdColumn).orElse(options);
  }
}
