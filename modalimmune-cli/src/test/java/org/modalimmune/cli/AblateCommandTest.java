package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.modalimmune.cli.report.ReportJson;
import org.modalimmune.evaluate.ComparisonMetric;
import org.modalimmune.evaluate.EffectKind;
import org.modalimmune.evaluate.FactorialReport;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.Report;

/** A whole ablation, on files and on the embedded set. */
final class AblateCommandTest {
  @TempDir private Path temporary;
  private Path data;
  private Path out;

  @BeforeEach
  void writeData() throws IOException {
    data = temporary.resolve("data");
    out = temporary.resolve("out");
    TinyData.write(data);
  }

  private CommandResult ablate(Object... options) {
    List<Object> arguments = new ArrayList<>(List.of("ablate", "--epochs", 2, "--out", out));
    arguments.addAll(List.of(options));
    return CommandResult.of(arguments.toArray());
  }

  private static List<String> names(Report report) {
    return report.methods().stream().map(MethodReport::name).toList();
  }

  @Test
  void allSubsetsAreTrainedAndTheirEffectsReported() throws IOException {
    CommandResult result = ablate("--data", data, "--seeds", 2, "--batch", 16, "--threads", 2);
    assertEquals(0, result.code(), result.err());
    Report report = ReportJson.read(out.resolve("report.json"));
    FactorialReport ablation = report.ablation().orElseThrow();
    List<String> expected = new ArrayList<>(List.of("dropout-noise"));
    expected.addAll(ablation.design().runs());
    assertEquals(expected, names(report));
    assertEquals(17, expected.size());
    assertEquals(
        List.of("collapse", "controller", "masking", "hypergradient"), ablation.design().factors());
    assertEquals(24, ablation.effects(EffectKind.MAIN).size());
    assertEquals(24, ablation.effects(EffectKind.ADDED_ALONE).size());
    assertEquals(24, ablation.effects(EffectKind.TAKEN_FROM_ALL).size());
    assertEquals(12, ablation.effects(EffectKind.INTERACTION).size());
    assertEquals(18, report.comparisons().size());
    assertTrue(report.notes().stream().anyMatch(n -> n.contains("masking")), "no note");
    for (EffectKind kind : EffectKind.values()) {
      String heading = kind == EffectKind.INTERACTION ? "Interactions" : "operator ";
      assertTrue(result.out().contains(heading), result.out());
    }
    for (String name : expected) {
      assertTrue(result.out().lines().anyMatch(l -> l.startsWith(name + " ")), name);
    }
    assertTrue(result.err().contains("100 % of the training"), result.err());
    assertTrue(Files.readString(out.resolve("report.html")).contains("id=\"ablation\""));
  }

  @Test
  void figuresOfEffectsAreThoseOfTheMethods() throws IOException {
    CommandResult result =
        ablate("--data", data, "--seeds", 2, "--operators", "controller,collapse");
    assertEquals(0, result.code(), result.err());
    Report report = ReportJson.read(out.resolve("report.json"));
    assertEquals(List.of("dropout-noise", "none", "collapse", "controller", "all"), names(report));
    double[] y =
        report.methods().stream()
            .skip(1)
            .mapToDouble(m -> m.robustMean().orElseThrow().accuracy().values().get(1))
            .toArray();
    double main =
        report
            .ablation()
            .orElseThrow()
            .find(EffectKind.MAIN, List.of("collapse"), ComparisonMetric.ROBUST_MEAN_ACCURACY)
            .orElseThrow()
            .effect()
            .values()
            .get(1);
    assertEquals((y[1] - y[0] + y[3] - y[2]) / 2, main, 1e-15);
  }

  @Test
  void theSyntheticSetNeedsNoFiles() throws IOException {
    CommandResult result = ablate("--seeds", 1, "--operators", "controller", "--baselines", "none");
    assertEquals(0, result.code(), result.err());
    Report report = ReportJson.read(out.resolve("report.json"));
    assertEquals(List.of("none", "controller"), names(report));
    assertTrue(
        report.methods().getFirst().patterns().stream().allMatch(p -> p.ceiling().isPresent()));
    assertTrue(result.out().contains("(ceiling)"), result.out());
    assertEquals(
        "modalimmune ablate --epochs 2 --seeds 1 --operators controller --baselines none",
        report.command());
  }

  @Test
  void optionsOfTheMethodSayWhatOnMeans() throws IOException {
    CommandResult result =
        ablate(
            "--data",
            data,
            "--seeds",
            1,
            "--batch",
            16,
            "--operators",
            "controller",
            "--controller",
            "exp3-ix");
    assertEquals(0, result.code(), result.err());
    Report report = ReportJson.read(out.resolve("report.json"));
    // Of all controllers the bandits alone have an estimate.
    assertTrue(
        report.methods().getLast().metaParameters().containsKey("controller.regret-estimate"));
    assertFalse(report.methods().get(1).metaParameters().containsKey("controller.regret-estimate"));
  }

  @Test
  void oneModalityIsEnough() {
    CommandResult result =
        ablate("--data", data, "--modalities", "text", "--seeds", 2, "--operators", "collapse");
    assertEquals(0, result.code(), result.err());
  }

  static Stream<Arguments> usages() {
    return Stream.of(
        usage("--operators magic", "--operators", "magic", "hypergradient"),
        usage("--operators masking,masking", "masking", "twice"),
        usage("--operators none", "none", "collapse"),
        usage("--operators COLLAPSE", "COLLAPSE", "collapse"),
        usage("--operators collapse,,masking", "--operators", "empty"),
        usage("--baselines magic", "--baselines", "magic", "dropout"),
        usage("--baselines plain,none", "--baselines", "none"),
        usage("--baselines plain,plain", "plain", "twice"),
        usage("--seeds 0", "--seeds", "0"),
        usage("--validation 1", "fraction", "1"),
        usage("--severity 2", "severity", "2"),
        usage("--group video", "--group", "--data"),
        usage("--modalities text", "--modalities", "--data"),
        usage("--label mood", "--label", "--data"),
        usage("--id name", "--id", "--data"),
        usage("--methods plain", "--methods"));
  }

  private static Arguments usage(String options, String... fragments) {
    return Arguments.of(options, List.of(fragments));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("usages")
  void badOptionsAreRefused(String options, List<String> fragments) {
    BadInputTest.assertRefused(ablate((Object[]) options.split(" ", -1)), fragments);
    assertFalse(Files.exists(out), "something was written");
  }

  @Test
  void damagedDataAreRefused() throws IOException {
    Files.delete(data.resolve("text_test.csv"));
    BadInputTest.assertRefused(ablate("--data", data), List.of("text_test"));
    BadInputTest.assertRefused(
        ablate("--data", temporary.resolve("nowhere")), List.of("nowhere", "no such"));
    assertFalse(Files.exists(out), "something was written");
  }
}
