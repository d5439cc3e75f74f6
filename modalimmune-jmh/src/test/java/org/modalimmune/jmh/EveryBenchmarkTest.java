package org.modalimmune.jmh;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs once at tiny sizes, and its set-up finds that the rivals agree. */
final class EveryBenchmarkTest {
  private static final Map<String, List<String>> TINY =
      Map.ofEntries(
          Map.entry("batch", List.of("6")),
          Map.entry("copied", List.of("4096")),
          Map.entry("dtype", List.of("FLOAT32", "FLOAT64")),
          Map.entry("elements", List.of("1037")),
          Map.entry("layer", List.of("5x7x3")),
          Map.entry("layers", List.of("7-5-3-1")),
          Map.entry("layout", List.of("NN", "NT", "TN", "TT")),
          Map.entry("rows", List.of("9")),
          Map.entry("shape", List.of("19x7x33", "1x5x1")),
          Map.entry("size", List.of("37x11")),
          Map.entry("terms", List.of("3")),
          Map.entry("threads", List.of("2")));

  /** All that JMH would list, by class. */
  private static Map<String, Set<String>> benchmarks() {
    return BenchmarkList.defaultList()
        .getAll(OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT), List.of())
        .stream()
        .collect(
            Collectors.groupingBy(
                BenchmarkListEntry::getUserClassQName,
                Collectors.mapping(
                    e -> e.getUsername().substring(e.getUserClassQName().length() + 1),
                    Collectors.toSet())));
  }

  @Test
  void rivalsAgreeAtTinySizes() {
    Map<String, Set<String>> all = benchmarks();
    assertFalse(all.isEmpty(), "JMH's processor has listed no benchmark");
    Stream<Executable> runs =
        all.entrySet().stream()
            .map(e -> () -> DirectRun.of(e.getKey(), TINY).everyCombination(e.getValue()));
    assertAll(runs);
  }
}
