package org.modalimmune.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.modalimmune.backend.Backend;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.TrainingData;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.io.AtomicFile;
import org.modalimmune.train.CheckpointOptions;
import org.modalimmune.train.ImmuneTrainer;
import org.modalimmune.train.ModelFile;
import org.modalimmune.train.SpecialistsMethod;
import org.modalimmune.train.TrainedModel;
import org.modalimmune.train.TrainedNetwork;
import org.modalimmune.train.TrainingListener;
import org.modalimmune.train.TrainingMethod;
import org.modalimmune.train.TrainingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains one model and writes it to a file. */
@Command(
    name = "train",
    description =
        "Trains one model on the training split and writes it, with its standardisation, to a"
            + " safetensors file.")
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TrainingDataArguments data = new TrainingDataArguments();

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description =
          "How to train: plain, dropout, dropout-noise or immune; see 'modalimmune compare"
              + " --help'. Default: ${DEFAULT-VALUE}.")
  private String method = "immune";

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description =
          "An integer that decides the validation rows, first values and every draw. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The model file to write, such as model.safetensors; replaced if it exists.")
  private Path out = Path.of("");

  @Mixin private CheckpointArguments checkpoints = new CheckpointArguments();
  @Mixin private LoopArguments loop = new LoopArguments();
  @Mixin private BackendArguments backend = new BackendArguments();
  @Mixin private ImmuneArguments immune = new ImmuneArguments();

  /** Made by the command line parser. */
  TrainCommand() {}

  @Override
  public Integer call() throws IOException {
    TrainingMethod chosen = MethodNames.one("--method", method, immune.options());
    if (chosen instanceof SpecialistsMethod) {
      throw new UsageException(
          "--method: specialists is many models, which no model file holds; choose another");
    }
    TrainingOptions training = loop.options();
    int threads = backend.threads();
    AtomicFile.requireWritable(out);
    Optional<CheckpointOptions> saved = checkpoints.options(out);
    saved.ifPresent(CheckpointOptions::requireUsable);
    MultimodalDataset dataset = data.read();
    TrainingData rows =
        dataset.trainingData(new ValidationOptions(data.validation(), OptionalInt.empty(), seed));
    PrintWriter err = spec.commandLine().getErr();
    rows.notes().forEach(n -> err.println(spec.qualifiedName() + ": note: " + n));
    try (Backend opened = backend.open(threads);
        TrainedModel model = train(chosen, trainer(opened, training, saved), rows)) {
      if (!(model instanceof TrainedNetwork network)) {
        throw new UsageException("--method: " + method + " leaves no single model to write");
      }
      ModelFile.save(out, network, "modalimmune " + ProgramVersion.program());
      print(network);
    }
    return 0;
  }

  private static ImmuneTrainer trainer(
      Backend opened, TrainingOptions training, Optional<CheckpointOptions> saved) {
    ImmuneTrainer trainer = new ImmuneTrainer(opened, training);
    return saved.map(trainer::withCheckpoints).orElse(trainer);
  }

  private TrainedModel train(TrainingMethod chosen, ImmuneTrainer trainer, TrainingData rows) {
    PrintWriter err = spec.commandLine().getErr();
    try (RunProgress progress =
        RunProgress.start(
            err,
            spec.qualifiedName(),
            List.of(chosen),
            1,
            trainer.options().epochs(),
            rows.schema().modalities().size(),
            1)) {
      return chosen.train(
          trainer,
          rows,
          seed,
          new TrainingListener() {
            @Override
            public void onResume(List<EpochRecord> curve, int epochs) {
              err.printf(
                  Locale.ROOT,
                  "%s: continues after epoch %d of %d%n",
                  spec.qualifiedName(),
                  curve.size(),
                  epochs);
              progress.onResume(chosen.name(), seed, curve.size());
            }

            @Override
            public void onEpoch(EpochRecord record, int epochs) {
              progress.onEpoch(chosen.name(), seed, record, epochs);
            }
          });
    }
  }

  private void print(TrainedNetwork network) {
    EpochRecord best =
        network.curve().stream()
            .min((a, b) -> Double.compare(heldOut(a), heldOut(b)))
            .orElseThrow();
    PrintWriter console = spec.commandLine().getOut();
    console.printf(
        Locale.ROOT,
        "Selected epoch %d of %d: cross-entropy %.4f nats on the validation rows, over all"
            + " patterns; %.1f s%n",
        best.epoch(),
        network.curve().size(),
        heldOut(best),
        network.seconds());
    console.println("Model: " + out);
    console.flush();
  }

  private static double heldOut(EpochRecord record) {
    return record.validationCrossEntropy().orElse(Double.POSITIVE_INFINITY);
  }
}
