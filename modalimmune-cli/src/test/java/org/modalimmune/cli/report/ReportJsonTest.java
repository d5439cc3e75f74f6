package org.modalimmune.cli.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.Report;
import org.modalimmune.io.DataException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportJsonTest {

  private static final List<String> METRICS =
      List.of("accuracy", "balancedAccuracy", "f1Macro", "crossEntropy");

  @TempDir Path folder;

  @Test
  void everyReportReadsBackEqual() throws IOException {
    for (Report report :
        List.of(
            SampleReports.synthetic(),
            SampleReports.large(),
            SampleReports.ablation(),
            SampleReports.oneSeed())) {
      Path file = folder.resolve("report.json");
      ReportJson.write(report, file);
      Report back = ReportJson.read(file);
      assertEquals(report, back);
      assertEquals(Files.readString(file), ReportJson.toJson(back));
    }
  }

  @Test
  void fieldsAreThoseOfTheSchemaInItsOrder() {
    JsonNode report =
        JsonMapper.builder().build().readTree(ReportJson.toJson(SampleReports.synthetic()));
    fields(report, "schema", "data", "environment", "methods", "comparisons", "notes", "command");
    fields(
        report.get("data"),
        "name",
        "train",
        "validation",
        "test",
        "classes",
        "modalities",
        "classNames");
    fields(report.get("data").get("modalities").get(0), "name", "columns", "constantDropped");
    fields(report.get("environment"), "backend", "device", "java", "threads", "version");
    JsonNode method = report.get("methods").get(3);
    fields(
        method,
        "name",
        "seeds",
        "secondsPerSeed",
        "stepsPerSecond",
        "full",
        "robustMean",
        "robustWorst",
        "patterns",
        "corruptions",
        "reconstruction",
        "severity",
        "description",
        "seedValues",
        "silentMean",
        "noiseMean",
        "shuffleMean",
        "curve",
        "metaParameters");
    fields(method.get("full"), METRICS.toArray(String[]::new));
    fields(method.get("robustMean"), "accuracy", "balancedAccuracy");
    fields(method.get("robustWorst"), "accuracy", "balancedAccuracy");
    fields(method.get("patterns").get(0), "present", "told", "ceiling");
    fields(method.get("patterns").get(1), "present", "told", "silent", "ceiling");
    fields(method.get("patterns").get(1).get("silent"), METRICS.toArray(String[]::new));
    List<String> gaussian = new ArrayList<>(List.of("kind", "modality", "level"));
    gaussian.addAll(METRICS);
    fields(method.get("corruptions").get(0), gaussian.toArray(String[]::new));
    gaussian.remove("level");
    fields(method.get("corruptions").get(3), gaussian.toArray(String[]::new));
    assertEquals("shuffle", method.get("corruptions").get(3).get("kind").stringValue());
    fields(method.get("reconstruction").get(0), "modality", "r2", "ceiling");
    fields(method.get("severity").get(0), "severity", "robustMean");
    fields(method.get("curve").get(0), "epoch", "seeds", "trainLoss", "validationCrossEntropy");
    fields(
        report.get("comparisons").get(0),
        "method",
        "against",
        "metric",
        "difference",
        "ci95",
        "p",
        "correctedP",
        "signFlipP");
    JsonNode summary = method.get("full").get("accuracy");
    fields(summary, "mean", "std", "ci95", "values");
    assertEquals(10, summary.get("values").size());
    assertEquals(2, summary.get("ci95").size());
    assertFalse(report.get("methods").get(0).has("severity"));
  }

  private static void fields(JsonNode node, String... names) {
    assertArrayEquals(names, node.propertyNames().toArray(String[]::new));
  }

  @Test
  void theAblationStandsBetweenComparisonsAndNotes() {
    JsonNode report =
        JsonMapper.builder().build().readTree(ReportJson.toJson(SampleReports.ablation()));
    fields(
        report,
        "schema",
        "data",
        "environment",
        "methods",
        "comparisons",
        "ablation",
        "notes",
        "command");
    JsonNode ablation = report.get("ablation");
    fields(ablation, "factors", "variants", "effects");
    fields(ablation.get("variants").get(5), "method", "on");
    assertEquals(
        "[\"collapse\",\"masking\"]", ablation.get("variants").get(5).get("on").toString());
    assertEquals(3 * 24 + 12, ablation.get("effects").size());
    fields(
        ablation.get("effects").get(0),
        "kind",
        "factors",
        "metric",
        "effect",
        "ci95",
        "p",
        "correctedP",
        "signFlipP");
  }

  @Test
  void damagedAblationsAreNamedByPlace() {
    String json = ReportJson.toJson(SampleReports.ablation());
    refused(json.replaceFirst("\"kind\" : \"main\"", "\"kind\" : \"mean\""), "ablation.effects[0]");
    refused(
        json.replaceFirst("\"factors\" : \\[ \"collapse\"", "\"factors\" : [ \"other\""),
        "ablation.variants: variant 1 must have [other] on, found [collapse]");
    refused(
        json.replaceFirst(
            "(\"kind\" : \"main\",\\s*\"factors\" : )\\[ \"collapse\" ]", "$1[ \"else\" ]"),
        "ablation: factorial: an effect of [else]");
    refused(
        json.replaceFirst("(\"kind\" : \"main\",\\s*\"factors\" : )\\[ \"collapse\" ]", "$1[ ]"),
        "ablation.effects[0]: effect: main needs 1 factor(s)");
    refused(
        json.replaceFirst("\"method\" : \"none\"", "\"method\" : \"all\""), "run is named twice");
  }

  @Test
  void whatOneSeedCannotTellIsNull() {
    JsonNode report =
        JsonMapper.builder().build().readTree(ReportJson.toJson(SampleReports.oneSeed()));
    JsonNode accuracy = report.get("methods").get(0).get("full").get("accuracy");
    assertTrue(accuracy.get("std").isNull() && accuracy.get("ci95").isNull());
    JsonNode comparison = report.get("comparisons").get(0);
    assertTrue(comparison.get("p").isNull() && comparison.get("correctedP").isNull());
  }

  @Test
  void notFiniteIsNeverWritten() {
    Report report = SampleReports.oneSeed();
    MethodReport m = report.methods().getFirst();
    MethodReport broken =
        new MethodReport(
            m.name(),
            m.description(),
            m.seedValues(),
            Double.NaN,
            m.stepsPerSecond(),
            m.full(),
            m.robustMean(),
            m.robustWorst(),
            m.silentMean(),
            m.noiseMean(),
            m.shuffleMean(),
            m.patterns(),
            m.corruptions(),
            m.reconstruction(),
            m.severity(),
            m.curve(),
            m.metaParameters());
    Report bad =
        new Report(
            report.data(),
            report.environment(),
            "",
            List.of(broken),
            List.of(),
            Optional.empty(),
            List.of());
    Path file = folder.resolve("bad.json");
    var e = assertThrows(IllegalArgumentException.class, () -> ReportJson.write(bad, file));
    assertTrue(e.getMessage().contains("secondsPerSeed is NaN"), e.getMessage());
    assertFalse(Files.exists(file));
  }

  @Test
  void damageIsNamedByPlace() {
    String json = ReportJson.toJson(SampleReports.oneSeed());
    refused(json.substring(0, 200), "r.json: not JSON at line");
    refused("", "r.json");
    refused("[]", "r.json: an object is needed, found []");
    refused(json.replaceFirst("\"schema\" : 1", "\"schema\" : 2"), "schema 1 is needed");
    refused(json.replaceFirst("\"train\"", "\"tram\""), "r.json: data: the field \"train\"");
    refused(
        json.replaceFirst("\"columns\" : \\d+", "\"columns\" : 1.5"), "data.modalities[0].columns");
    refused(
        json.replaceFirst("\"mean\" : [0-9.]+", "\"mean\" : \"high\""),
        "methods[0].full.accuracy.mean: a finite number is needed, found \"high\"");
    refused(json.replaceFirst("\"mean\" : [0-9.]+", "\"mean\" : 1e999"), "a finite number");
    refused(json.replaceFirst("\"std\" : null", "\"std\" : 1.0"), "spread and interval");
    refused(json.replaceFirst("gaussian", "martian"), "\"martian\" is not one of");
    refused(json.replaceFirst("\"classes\" : 4", "\"classes\" : 5"), "as many classes");
  }

  private static void refused(String json, String part) {
    var e = assertThrows(DataException.class, () -> ReportJson.parse(json, "r.json"));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
