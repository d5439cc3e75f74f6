package org.modalimmune.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.evaluate.Ceilings;
import org.modalimmune.train.TrainingMethod;
import org.modalimmune.train.TrainingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains several methods alike and reports how each survives the loss of modalities. */
@Command(
    name = "compare",
    description = {
      "Trains several methods on the same data and reports how each survives missing and corrupted"
          + " modalities.",
      "Every pattern of present modalities (up to 6 modalities; a sample above), told and silent;"
          + " Gaussian noise and shuffling of each modality; reconstruction; paired comparisons."
    })
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TrainingDataArguments data = new TrainingDataArguments();

  @Option(
      names = "--methods",
      paramLabel = "NAME",
      split = ",",
      description = {
        "Methods to compare, separated by commas. Default: ${DEFAULT-VALUE}.",
        "plain: all modalities present in training. dropout: a random subset per row."
            + " dropout-noise: the same and noise on the inputs. immune: the method of this"
            + " program. specialists: one model per pattern of present modalities, an upper"
            + " reference that takes 2^modalities - 1 times as long."
      })
  private List<String> methods = List.of("plain", "dropout", "dropout-noise", "immune");

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Runs of each method, at least 1; intervals and p-values need several. Default:"
              + " ${DEFAULT-VALUE}.")
  private int seeds = 5;

  @Option(
      names = "--first-seed",
      paramLabel = "SEED",
      description =
          "The first seed, an integer; the others follow it. A seed decides the validation rows,"
              + " first values and every draw. Default: ${DEFAULT-VALUE}.")
  private long firstSeed = 1;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for report.json and report.html; created if it does not exist.")
  private Path out = Path.of("");

  @Mixin private LoopArguments loop = new LoopArguments();
  @Mixin private BackendArguments backend = new BackendArguments();
  @Mixin private ImmuneArguments immune = new ImmuneArguments();

  /** Made by the command line parser. */
  CompareCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<TrainingMethod> chosen = MethodNames.all("--methods", methods, immune.options());
    List<Long> seedValues = SeedArguments.seeds(firstSeed, seeds);
    TrainingOptions training = loop.options();
    backend.threads();
    OutputFolder folder = new OutputFolder(out);
    MultimodalDataset dataset = data.read();
    new ComparisonJob(
            dataset,
            Ceilings.UNKNOWN,
            chosen,
            seedValues,
            training,
            data.validation(),
            Optional.empty())
        .run(spec, backend, folder);
    return 0;
  }
}
