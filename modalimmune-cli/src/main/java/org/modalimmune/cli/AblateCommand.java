package org.modalimmune.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.SyntheticLatentFactors;
import org.modalimmune.evaluate.Ceilings;
import org.modalimmune.train.Ablation;
import org.modalimmune.train.Operator;
import org.modalimmune.train.TrainingMethod;
import org.modalimmune.train.TrainingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The full factorial of the four operators. */
@Command(
    name = "ablate",
    description = {
      "Trains the method immune with every subset of its operators and reports what each of them"
          + " adds or takes away.",
      "Main effects, each operator added alone, each taken from all, and their interactions, paired"
          + " by seed. The options of immune say what an operator is when it is on; one that they"
          + " have off takes its default. All other settings are the same in every variant."
    })
final class AblateCommand implements Callable<Integer> {
  private static final List<String> OF_FILES =
      List.of("--id", "--label", "--group", "--modalities");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder or file with the data, as for compare. Default: the embedded synthetic set, whose"
              + " best possible results are known.")
  private Optional<Path> data = Optional.empty();

  @Mixin private IdArguments id = new IdArguments();
  @Mixin private TrainingRowsArguments rows = new TrainingRowsArguments();

  @Option(
      names = "--operators",
      paramLabel = "NAME",
      split = ",",
      description = {
        "Operators to switch on and off; the others stay as the options of immune have them. k of"
            + " them make 2^k variants. Default: ${DEFAULT-VALUE}.",
        "Off is, for collapse: white noise of dropout-noise on the inputs instead of spectral"
            + " noise, no silent loss, no collapse loss; controller: every pattern as likely as"
            + " every other; masking: gradients as they are; hypergradient: every setting as given."
      })
  private List<String> operators = ChoiceNames.of(List.of(Operator.values()));

  @Option(
      names = "--baselines",
      paramLabel = "NAME",
      split = ",",
      description =
          "Methods to train beside the variants, as for compare; or none. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<String> baselines = List.of("dropout-noise");

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Runs of each variant, at least 1; intervals and p-values need several. Default:"
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
  AblateCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Set<Operator> factors = new ChoiceNames<>("--operators", Operator.class).some(operators);
    Ablation ablation = new Ablation(immune.options(), factors);
    List<TrainingMethod> methods = new ArrayList<>();
    if (!baselines.equals(List.of(ChoiceNames.NONE))) {
      methods.addAll(MethodNames.all("--baselines", baselines, immune.options()));
    }
    methods.addAll(ablation.methods());
    List<Long> seedValues = SeedArguments.seeds(firstSeed, seeds);
    TrainingOptions training = loop.options();
    backend.threads();
    OutputFolder folder = new OutputFolder(out);
    MultimodalDataset dataset;
    Ceilings ceilings = Ceilings.UNKNOWN;
    if (data.isPresent()) {
      dataset = rows.read(data.get(), id.options());
    } else {
      refuseOptionsOfFiles();
      SyntheticLatentFactors synthetic = SyntheticLatentFactors.defaults();
      dataset = synthetic.dataset();
      ceilings = KnownCeilings.of(synthetic.ceilings(), dataset.schema().modalityNames());
    }
    ComparisonJob job =
        new ComparisonJob(
            dataset,
            ceilings,
            methods,
            seedValues,
            training,
            rows.validation(),
            Optional.of(ablation));
    if (data.isEmpty()) {
      SyntheticHeading.print(dataset, spec);
    }
    job.run(spec, backend, folder);
    return 0;
  }

  private void refuseOptionsOfFiles() {
    for (String option : OF_FILES) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new UsageException(
            option + ": needs --data; the synthetic set has rows and modalities of its own");
      }
    }
  }
}
