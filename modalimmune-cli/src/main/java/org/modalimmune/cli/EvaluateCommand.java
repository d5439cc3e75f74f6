package org.modalimmune.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.modalimmune.backend.Backend;
import org.modalimmune.cli.report.TerminalStyle;
import org.modalimmune.cli.report.TerminalTable;
import org.modalimmune.data.DatasetReader;
import org.modalimmune.data.TestData;
import org.modalimmune.evaluate.DataDescription;
import org.modalimmune.evaluate.Environment;
import org.modalimmune.evaluate.Evaluator;
import org.modalimmune.evaluate.MethodResults;
import org.modalimmune.evaluate.ModalityDescription;
import org.modalimmune.evaluate.PatternSelection;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.ReportBuilder;
import org.modalimmune.evaluate.SeedResult;
import org.modalimmune.train.ModelFile;
import org.modalimmune.train.TrainedNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a model file on labelled rows. */
@Command(
    name = "evaluate",
    description = {
      "Measures a model on the test split of labelled data, or on files without a split such as"
          + " text.csv: every pattern of present modalities, told and silent, noise, shuffling,"
          + " reconstruction.",
      "A modality without a file, or a row whose cells are all empty, is a missing modality."
    })
final class EvaluateCommand implements Callable<Integer> {
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
        "Folder with <modality>_test.csv, as many as there are, and labels_test.csv, or all of them"
            + " without '_test': a header, one row per sample, aligned;",
        "or a .npz or .safetensors file with arrays of these names. Training files are not read."
      })
  private Path data = Path.of("");

  @Mixin private IdArguments id = new IdArguments();
  @Mixin private LabelArguments label = new LabelArguments();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for report.json and report.html; created if it does not exist. Default: only the"
              + " table is printed.")
  private Optional<Path> out = Optional.empty();

  @Mixin private BackendArguments backend = new BackendArguments();

  /** Made by the command line parser. */
  EvaluateCommand() {}

  @Override
  public Integer call() throws IOException {
    int threads = backend.threads();
    Optional<OutputFolder> folder = out.map(OutputFolder::new);
    try (Backend opened = backend.open(threads);
        TrainedNetwork network = ModelFile.load(model, opened)) {
      TestData rows =
          DatasetReader.open(data, label.applyTo(id.options())).readForEvaluation(network.schema());
      Report report = report(network, rows, opened, threads);
      PrintWriter console = spec.commandLine().getOut();
      TerminalStyle style = TerminalStyle.of(System.out.charset(), Terminal.isStandardOutput());
      console.print(new TerminalTable(style).render(report));
      if (folder.isPresent()) {
        folder.get().write(report, console);
      }
      console.flush();
    }
    return 0;
  }

  private Report report(TrainedNetwork network, TestData rows, Backend opened, int threads)
      throws IOException {
    SeedResult result =
        new Evaluator(
                rows.schema().modalityNames(),
                network.standardizer().transform(rows.split()),
                rows.split().labels(),
                PatternSelection.DEFAULT.patterns(rows.schema().modalities().size()))
            .evaluate(
                network.predictor(), network.seed(), network.seconds(), network.stepsPerSecond())
            .withTraining(network.curve(), network.settings());
    ReportBuilder builder =
        new ReportBuilder(
                describe(network, rows),
                new Environment(
                    opened.name(),
                    opened.device(),
                    Runtime.version().toString(),
                    threads,
                    ProgramVersion.program()))
            .command(CommandText.of(spec))
            .method(new MethodResults(network.method(), "a finished model", List.of(result)));
    builder.note("the rows on which the model was trained are not known here and count as 0");
    MissingRows.note(rows.split()).ifPresent(builder::note);
    return builder.build();
  }

  private static DataDescription describe(TrainedNetwork network, TestData rows) {
    return new DataDescription(
        rows.name(),
        0,
        0,
        rows.split().rows(),
        rows.schema().classNames(),
        network.standardizer().modalities().stream()
            .map(
                m ->
                    new ModalityDescription(
                        m.input().name(), m.input().columns(), m.droppedColumns().size()))
            .toList());
  }
}
