package org.modalimmune.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.modalimmune.cli.report.TerminalStyle;
import org.modalimmune.cli.report.TerminalTable;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.evaluate.Ceilings;
import org.modalimmune.evaluate.Environment;
import org.modalimmune.evaluate.Report;
import org.modalimmune.evaluate.ReportBuilder;
import org.modalimmune.io.DataException;
import org.modalimmune.train.Ablation;
import org.modalimmune.train.ComparisonRun;
import org.modalimmune.train.SpecialistsMethod;
import org.modalimmune.train.TrainingMethod;
import org.modalimmune.train.TrainingOptions;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A comparison from checked settings to the written report.
 *
 * @param data training and test rows
 * @param ceilings best possible results, where known
 * @param methods what to compare
 * @param seeds one run of each method per seed
 * @param training settings of the loop
 * @param validation part of the training rows that selects the epoch
 * @param ablation what the methods are variants of, but for some references; empty for a comparison
 *     of methods
 */
record ComparisonJob(
    MultimodalDataset data,
    Ceilings ceilings,
    List<TrainingMethod> methods,
    List<Long> seeds,
    TrainingOptions training,
    double validation,
    Optional<Ablation> ablation) {

  /** Refuses what would otherwise fail after minutes of work. */
  ComparisonJob {
    MultimodalSplit test = data.testData().split();
    if (methods.stream().anyMatch(SpecialistsMethod.class::isInstance)) {
      MultimodalSplit train = data.trainingData(ValidationOptions.seeded(0)).train();
      for (MultimodalSplit split : List.of(train, test)) {
        requireComplete(split);
      }
    }
  }

  private static void requireComplete(MultimodalSplit split) {
    for (int m = 0; m < split.modalities().size(); m++) {
      int missing = split.rows() - split.features(m).presentRows();
      if (missing > 0) {
        throw new DataException(
            "specialists: need rows that have every modality, but '"
                + split.modalities().get(m).name()
                + "' is missing in "
                + missing
                + " of "
                + split.rows()
                + " rows; leave specialists out");
      }
    }
  }

  /** Trains, evaluates, writes the report and prints its table. */
  void run(CommandSpec spec, BackendArguments backend, OutputFolder folder)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int workers = Math.min(backend.threads(), methods.size() * seeds.size());
    BackendArguments.Chosen chosen = backend.choose(1);
    Environment environment =
        new Environment(
            chosen.name(),
            chosen.device(),
            Runtime.version().toString(),
            workers,
            ProgramVersion.program());
    ReportBuilder builder;
    try (RunProgress progress =
        RunProgress.start(
            err,
            spec.qualifiedName(),
            methods,
            seeds.size(),
            training.epochs(),
            data.modalities().size(),
            workers)) {
      builder = comparison().run(() -> chosen.open(1), workers, environment, progress);
    }
    builder.ceilings(ceilings).command(CommandText.of(spec));
    ablation.ifPresent(a -> addEffects(a, builder));
    BlindValidation.note(builder.build()).ifPresent(builder::note);
    Report report = builder.build();
    TerminalStyle style = TerminalStyle.of(System.out.charset(), Terminal.isStandardOutput());
    out.print(new TerminalTable(style).render(report));
    folder.write(report, out);
    out.flush();
  }

  private ComparisonRun comparison() {
    return ablation
        .map(
            a ->
                new ComparisonRun(
                    data, methods, seeds, training, validation, a.comparisons(methods)))
        .orElseGet(() -> new ComparisonRun(data, methods, seeds, training, validation));
  }

  private static void addEffects(Ablation ablation, ReportBuilder builder) {
    builder.factorial(ablation.design());
    ablation.notes().forEach(builder::note);
  }
}
