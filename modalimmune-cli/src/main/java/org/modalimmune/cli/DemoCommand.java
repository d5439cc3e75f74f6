package org.modalimmune.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.SyntheticLatentFactors;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.train.ImmuneOptions;
import org.modalimmune.train.Methods;
import org.modalimmune.train.TrainingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job on embedded data, without any argument. */
@Command(
    name = "demo",
    description = {
      "Compares three methods on an embedded synthetic set whose best possible results are known.",
      "Four classes, three modalities of which one dominates; needs no files, takes less than a"
          + " minute."
    })
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Runs of each method, at least 1; intervals and p-values need several. Default:"
              + " ${DEFAULT-VALUE}.")
  private int seeds = 5;

  @Option(
      names = "--epochs",
      paramLabel = "E",
      description = "Passes over the training rows. Default: ${DEFAULT-VALUE}.")
  private int epochs = 30;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for report.json and report.html; created if it does not exist. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path out = Path.of("modalimmune-demo");

  @Mixin private BackendArguments backend = new BackendArguments();

  /** Made by the command line parser. */
  DemoCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Long> seedValues = SeedArguments.seeds(1, seeds);
    TrainingOptions training = UsageException.checked(() -> TrainingOptions.ofEpochs(epochs));
    backend.threads();
    OutputFolder folder = new OutputFolder(out);
    SyntheticLatentFactors synthetic = SyntheticLatentFactors.defaults();
    MultimodalDataset dataset = synthetic.dataset();
    ComparisonJob job =
        new ComparisonJob(
            dataset,
            KnownCeilings.of(synthetic.ceilings(), dataset.schema().modalityNames()),
            List.of(
                Methods.plain(), Methods.dropoutNoise(), Methods.immune(ImmuneOptions.defaults())),
            seedValues,
            training,
            ValidationOptions.DEFAULT_FRACTION,
            Optional.empty());
    SyntheticHeading.print(dataset, spec);
    job.run(spec, backend, folder);
    return 0;
  }
}
