package org.modalimmune.cli;

import java.nio.file.Path;
import org.modalimmune.data.DatasetOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where data to train on are, and how their rows are named. */
final class DataArguments {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = {
        "Folder with <modality>_train.csv, <modality>_test.csv, labels_train.csv and"
            + " labels_test.csv: a header, one row per sample, aligned;",
        "or a .npz or .safetensors file with arrays of these names."
      })
  private Path path = Path.of("");

  @Mixin private IdArguments id = new IdArguments();

  Path path() {
    return path;
  }

  /** Options of the reader, with the id column if one is named. */
  DatasetOptions options() {
    return id.options();
  }
}
