package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modalimmune.cli.report.ReportJson;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.Report;

/** A whole comparison on files. */
final class CompareCommandTest {
  @TempDir private Path temporary;

  @Test
  void threadsChangeNothingButTimes() throws IOException {
    Path data = temporary.resolve("data");
    TinyData.write(data);
    CommandResult one = compare(data, 1);
    CommandResult two = compare(data, 2);
    assertEquals(0, one.code(), one.err());
    assertEquals(0, two.code(), two.err());
    assertEquals(withoutTimes(temporary.resolve("1")), withoutTimes(temporary.resolve("2")));
    Report report = ReportJson.read(temporary.resolve("2").resolve("report.json"));
    assertEquals(2, report.environment().threads());
    assertEquals(
        List.of("plain", "dropout", "dropout-noise", "immune", "specialists"),
        report.methods().stream().map(MethodReport::name).toList());
    assertEquals(List.of(7L, 8L), report.methods().getFirst().seedValues());
    assertEquals(7, report.methods().getLast().patterns().size());
    assertFalse(report.comparisons().isEmpty());
    assertTrue(report.command().contains("--group video"), report.command());
    assertTrue(two.out().contains("dropout-noise"), two.out());
    assertTrue(two.out().contains(temporary.resolve("2").resolve("report.html").toString()));
    assertTrue(two.err().contains("100 % of the training"), two.err());
  }

  private CommandResult compare(Path data, int threads) {
    return CommandResult.of(
        "compare",
        "--data",
        data,
        "--group",
        "video",
        "--modalities",
        "text,audio,video",
        "--methods",
        "plain,dropout,dropout-noise,immune,specialists",
        "--seeds",
        2,
        "--first-seed",
        7,
        "--epochs",
        2,
        "--batch",
        16,
        "--threads",
        threads,
        "--out",
        temporary.resolve(Integer.toString(threads)));
  }

  /** The lines of report.json but those that may differ. */
  private static List<String> withoutTimes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of("report.html", "report.json"),
          files.map(p -> p.getFileName().toString()).sorted().toList());
    }
    List<String> lines = Files.readAllLines(folder.resolve("report.json"));
    List<String> kept =
        lines.stream()
            .filter(l -> !l.matches("\\s*\"(secondsPerSeed|stepsPerSecond|threads)\" : .*"))
            .toList();
    // One line for the threads and two for each method, so that nothing else is left out.
    assertEquals(lines.size() - 11, kept.size());
    return kept;
  }

  @Test
  void oneModalityOneSeedAndNoGroupsAreEnough() throws IOException {
    Path data = temporary.resolve("data");
    TinyData.write(data);
    Path out = temporary.resolve("new").resolve("folder");
    CommandResult result =
        CommandResult.of(
            "compare",
            "--data",
            data,
            "--modalities",
            "text",
            "--methods",
            "plain,immune",
            "--seeds",
            1,
            "--epochs",
            1,
            "--out",
            out);
    assertEquals(0, result.code(), result.err());
    assertTrue(Files.exists(out.resolve("report.html")));
  }

  @Test
  void rowsMayLackModalities() throws IOException {
    Path data = temporary.resolve("data");
    TinyData.write(data);
    for (int line = 2; line < 20; line += 3) {
      TinyData.line(data.resolve("text_train.csv"), line, l -> ",,,");
      TinyData.line(data.resolve("audio_test.csv"), line, l -> ",,");
    }
    CommandResult result =
        CommandResult.of(
            "compare",
            "--data",
            data,
            "--seeds",
            1,
            "--epochs",
            1,
            "--out",
            temporary.resolve("out"));
    assertEquals(0, result.code(), result.err());
  }

  @Test
  void demoNeedsNoArgumentsButItsFolder() throws IOException {
    Path out = temporary.resolve("demo");
    CommandResult result = CommandResult.of("demo", "--seeds", 1, "--epochs", 1, "--out", out);
    assertEquals(0, result.code(), result.err());
    Report report = ReportJson.read(out.resolve("report.json"));
    assertEquals(
        List.of("plain", "dropout-noise", "immune"),
        report.methods().stream().map(MethodReport::name).toList());
    assertTrue(
        report.methods().getFirst().patterns().stream().allMatch(p -> p.ceiling().isPresent()));
    assertTrue(
        report.methods().getFirst().reconstruction().stream()
            .allMatch(r -> r.ceiling().isPresent()));
    assertTrue(result.out().contains("ceiling"), result.out());
  }
}
