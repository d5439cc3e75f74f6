package org.modalimmune.cli;

import org.modalimmune.data.MultimodalDataset;
import picocli.CommandLine.Mixin;

/** The data of a training command and how its validation rows are held out. */
final class TrainingDataArguments {
  @Mixin private DataArguments data = new DataArguments();
  @Mixin private TrainingRowsArguments rows = new TrainingRowsArguments();

  /** Reads and checks everything. */
  MultimodalDataset read() {
    return rows.read(data.path(), data.options());
  }

  double validation() {
    return rows.validation();
  }
}
