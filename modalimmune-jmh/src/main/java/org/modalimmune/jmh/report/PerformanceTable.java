package org.modalimmune.jmh.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures the hot paths one after another and prints a Markdown table: median time, least and
 * largest, and bytes of garbage per call. Arguments: names of matrix libraries to measure beside
 * the backend {@code cpu}, such as {@code ejml mkl openblas}.
 */
public final class PerformanceTable {
  private static final List<Group> GROUPS =
      List.of(
          new Group("MachineBenchmark.*MultiplyAdd", Map.of("copied", List.of("131072"))),
          new Group("MachineBenchmark.copy", Map.of()),
          new Group(
              "MatmulBenchmark",
              Map.of("shape", List.of("512x512x512", "1024x1024x1024", "256x300x64", "128x64x10"))),
          new Group(
              "MatmulBenchmark",
              Map.of(
                  "shape", List.of("2048x2048x2048", "1024x1024x1"), "dtype", List.of("FLOAT32"))),
          new Group("ElementwiseBenchmark", Map.of("dtype", List.of("FLOAT32"))),
          new Group("RowsBenchmark", Map.of()),
          new Group("ReductionBenchmark", Map.of("dtype", List.of("FLOAT32"))),
          new Group("LinearBenchmark", Map.of()),
          new Group("StableRankBenchmark.cold", Map.of("spectrum", List.of("gaussian", "slow"))),
          new Group("StableRankBenchmark.warm", Map.of("spectrum", List.of("gaussian"))),
          new Group("HyperGradientBenchmark", Map.of()),
          new Group("TrainingStepBenchmark", Map.of()),
          new Group("SmallBenchmark", Map.of()),
          new Group("FirstCallBenchmark", Map.of()));

  /** What runs through most of the library: compiled to the end only after some ten seconds. */
  private static final Pattern WHOLE_PATHS =
      Pattern.compile("^(StableRank|HyperGradient|TrainingStep)");

  private PerformanceTable() {}

  /** Benchmarks that share parameter values; those not named keep their defaults. */
  private record Group(String include, Map<String, List<String>> parameters) {}

  /** Runs everything; progress goes to the error stream, the table to the standard output. */
  public static void main(String[] peers) throws RunnerException {
    PrintStream out = System.out;
    out.println("| benchmark | parameters | median | least | largest | unit | bytes per call |");
    out.println("|---|---|---|---|---|---|---|");
    for (Group group : GROUPS) {
      System.err.println(group.include() + " ...");
      for (RunResult result : run(group, List.of(peers))) {
        out.println(row(result));
      }
    }
  }

  private static Collection<RunResult> run(Group group, List<String> peers) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(group.include())
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .addProfiler(GCProfiler.class);
    if (!group.include().startsWith("FirstCall")) {
      boolean wholePath = WHOLE_PATHS.matcher(group.include()).find();
      options
          .warmupIterations(3)
          .warmupTime(new TimeValue(wholePath ? 3000 : 300, TimeUnit.MILLISECONDS))
          .measurementTime(new TimeValue(wholePath ? 500 : 200, TimeUnit.MILLISECONDS));
    }
    group
        .parameters()
        .forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    if (group.include().startsWith("Matmul")) {
      List<String> rivals = new ArrayList<>(List.of("cpu"));
      rivals.addAll(peers);
      options.param("backend", rivals.toArray(String[]::new));
    }
    // what the measured processes say goes where the progress goes, not into the table
    OutputFormat progress =
        OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
    return new Runner(options.build(), progress).run();
  }

  private static String row(RunResult result) {
    Result<?> primary = result.getPrimaryResult();
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    List<String> parameters = new ArrayList<>();
    for (String key : result.getParams().getParamsKeys()) {
      parameters.add(key + "=" + result.getParams().getParam(key));
    }
    String[] path = result.getParams().getBenchmark().split("\\.", -1);
    return String.format(
        Locale.ROOT,
        "| %s.%s | %s | %.4g | %.4g | %.4g | %s | %s |",
        path[path.length - 2],
        path[path.length - 1],
        String.join(" ", parameters),
        primary.getStatistics().getPercentile(50),
        primary.getStatistics().getMin(),
        primary.getStatistics().getMax(),
        primary.getScoreUnit(),
        allocated == null ? "" : String.format(Locale.ROOT, "%.0f", allocated.getScore()));
  }
}
