package org.modalimmune.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.modalimmune.backend.Backend;
import org.modalimmune.data.DatasetReader;
import org.modalimmune.data.TestData;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.Presentation;
import org.modalimmune.io.AtomicFile;
import org.modalimmune.train.ModelFile;
import org.modalimmune.train.TrainedNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Predicts the class of rows, whatever modalities each of them has. */
@Command(
    name = "predict",
    description = {
      "Predicts the class of every row of the test split, or of files without a split such as"
          + " text.csv; labels are not needed.",
      "A modality without a file, or a row whose cells are all empty, is a missing modality: the"
          + " model is told so."
    })
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description = "A model file that 'modalimmune train' wrote.")
  private Path model = Path.of("");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = {
        "Folder with <modality>_test.csv or <modality>.csv, as many as there are: a header, one row"
            + " per sample, aligned;",
        "or a .npz or .safetensors file with arrays of these names. Of a label file beside them the"
            + " ids alone are taken."
      })
  private Path data = Path.of("");

  @Mixin private IdArguments id = new IdArguments();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = {
        "The CSV file to write; replaced if it exists. One line per row:",
        "id, predicted class, present modalities joined by '+', and the probability of each class"
            + " (0 to 1)."
      })
  private Path out = Path.of("");

  @Mixin private BackendArguments backend = new BackendArguments();

  /** Made by the command line parser. */
  PredictCommand() {}

  @Override
  public Integer call() throws IOException {
    int threads = backend.threads();
    AtomicFile.requireWritable(out);
    try (Backend opened = backend.open(threads);
        TrainedNetwork network = ModelFile.load(model, opened)) {
      TestData rows = DatasetReader.open(data, id.options()).readForPrediction(network.schema());
      PresencePattern full = PresencePattern.full(rows.schema().modalities().size());
      double[] probabilities =
          network
              .predictor()
              .probabilities(
                  network.standardizer().transform(rows.split()), List.of(Presentation.told(full)))
              .getFirst();
      AtomicFile.writeString(out, PredictionTable.csv(rows, probabilities));
      PrintWriter console = spec.commandLine().getOut();
      MissingRows.note(rows.split()).ifPresent(n -> console.println("Note: " + n));
      console.println("Predictions of " + rows.split().rows() + " rows: " + out);
      console.flush();
    }
    return 0;
  }
}
