package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modalimmune.cli.report.ReportJson;
import org.modalimmune.evaluate.Report;
import org.modalimmune.io.SafetensorsWriter;

/** A model file through train, evaluate and predict. */
final class ModelCommandsTest {
  @TempDir private Path temporary;
  private Path data;
  private Path model;

  @BeforeEach
  void train() throws IOException {
    data = temporary.resolve("data");
    model = temporary.resolve("model.safetensors");
    TinyData.write(data);
    CommandResult result =
        CommandResult.of(
            "train",
            "--data",
            data,
            "--group",
            "video",
            "--seed",
            3,
            "--epochs",
            4,
            "--batch",
            16,
            "--out",
            model);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains(model.toString()), result.out());
  }

  @Test
  void evaluateMeasuresWhatCompareMeasures() throws IOException {
    Path evaluated = temporary.resolve("evaluated");
    CommandResult result =
        CommandResult.of("evaluate", "--model", model, "--data", data, "--out", evaluated);
    assertEquals(0, result.code(), result.err());
    Path compared = temporary.resolve("compared");
    CommandResult comparison =
        CommandResult.of(
            "compare",
            "--data",
            data,
            "--group",
            "video",
            "--methods",
            "immune",
            "--seeds",
            1,
            "--first-seed",
            3,
            "--epochs",
            4,
            "--batch",
            16,
            "--out",
            compared);
    assertEquals(0, comparison.code(), comparison.err());
    Report one = ReportJson.read(evaluated.resolve("report.json"));
    Report other = ReportJson.read(compared.resolve("report.json"));
    assertEquals(other.methods().getFirst().patterns(), one.methods().getFirst().patterns());
    assertEquals(other.methods().getFirst().corruptions(), one.methods().getFirst().corruptions());
    assertEquals(
        other.methods().getFirst().reconstruction(), one.methods().getFirst().reconstruction());
    assertEquals(other.methods().getFirst().curve(), one.methods().getFirst().curve());
    assertEquals(
        other.methods().getFirst().metaParameters(), one.methods().getFirst().metaParameters());
  }

  @Test
  void evaluateWithoutFolderPrintsTheTableAlone() {
    CommandResult result = CommandResult.of("evaluate", "--model", model, "--data", data);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("immune"), result.out());
    assertFalse(result.out().contains("report.html"), result.out());
  }

  @Test
  void evaluateCopesWithMissingModalities() throws IOException {
    Files.delete(data.resolve("audio_test.csv"));
    TinyData.line(data.resolve("text_test.csv"), 2, l -> ",,,");
    CommandResult result = CommandResult.of("evaluate", "--model", model, "--data", data);
    assertEquals(0, result.code(), result.err());
    assertTrue(
        result.out().replaceAll("\\s+", " ").contains("audio in 30, text in 1"), result.out());
  }

  @Test
  void predictNamesRowsClassesAndWhatWasPresent() throws IOException {
    List<String> lines = predict();
    assertEquals("id,predicted,present,probability_no,probability_yes", lines.getFirst());
    assertEquals(1 + TinyData.TEST_ROWS, lines.size());
    for (int row = 0; row < TinyData.TEST_ROWS; row++) {
      String[] cells = lines.get(row + 1).split(",", -1);
      assertEquals("row-" + row, cells[0]);
      assertEquals("audio+text+video", cells[2]);
      double no = Double.parseDouble(cells[3]);
      double yes = Double.parseDouble(cells[4]);
      assertEquals(1, no + yes, 2e-6);
      assertEquals(no >= yes ? "no" : "yes", cells[1]);
    }
  }

  @Test
  void predictTreatsMissingFilesAndEmptyRowsAsMissingModalities() throws IOException {
    List<String> complete = predict();
    Files.delete(data.resolve("audio_test.csv"));
    Files.delete(data.resolve("labels_test.csv"));
    TinyData.line(data.resolve("text_test.csv"), 4, l -> ",,,");
    List<String> lines = predict();
    assertEquals("1", lines.get(1).split(",", -1)[0]);
    assertEquals("text+video", lines.get(1).split(",", -1)[2]);
    assertEquals("video", lines.get(3).split(",", -1)[2]);
    assertFalse(probability(lines, 1).equals(probability(complete, 1)), "the model was not told");
  }

  @Test
  void predictUsesEveryModalityThatARowHas() throws IOException {
    List<String> complete = predict();
    TinyData.line(data.resolve("text_test.csv"), 2, l -> ",,,");
    TinyData.line(data.resolve("audio_test.csv"), 3, l -> ",,");
    TinyData.line(data.resolve("video_test.csv"), 4, l -> ",");
    List<String> partial = predict();
    for (int line = 1; line < complete.size(); line++) {
      boolean same = probability(partial, line).equals(probability(complete, line));
      assertEquals(line > 3, same, partial.get(line));
    }
  }

  private static String probability(List<String> lines, int line) {
    return lines.get(line).split(",", -1)[3];
  }

  @Test
  void predictReadsFilesWithoutASplitName() throws IOException {
    Path rows = temporary.resolve("rows");
    TinyData.write(rows, "", 5, 9);
    Path out = temporary.resolve("predictions.csv");
    CommandResult result =
        CommandResult.of("predict", "--model", model, "--data", rows, "--out", out);
    assertEquals(0, result.code(), result.err());
    assertEquals(6, Files.readAllLines(out).size());
  }

  private List<String> predict() throws IOException {
    Path out = temporary.resolve("predictions.csv");
    CommandResult result =
        CommandResult.of("predict", "--model", model, "--data", data, "--out", out);
    assertEquals(0, result.code(), result.err());
    return Files.readAllLines(out);
  }

  @Test
  void modelFilesThatAreNotOneAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    Path broken = temporary.resolve("broken.safetensors");
    for (int length : new int[] {0, 7, 100, bytes.length / 2, bytes.length - 1}) {
      Files.write(broken, Arrays.copyOf(bytes, length));
      assertModelRefused(broken, data, "broken.safetensors");
    }
    Files.writeString(broken, "not a tensor in sight, and longer than a header");
    assertModelRefused(broken, data, "broken.safetensors");
    new SafetensorsWriter().add("w", List.of(1L), new float[] {1}).write(broken);
    assertModelRefused(broken, data, "not a model of this program");
    assertModelRefused(temporary.resolve("none"), data, "no such file");
    assertModelRefused(temporary, data, temporary.toString());
  }

  @Test
  void modelOfOtherDataIsRefused() throws IOException {
    TinyData.line(data.resolve("text_test.csv"), 1, l -> l.replace("t2", "pitch"));
    assertModelRefused(model, data, "text_test.csv", "t2", "other data");
    Path other = temporary.resolve("other");
    Files.createDirectories(other);
    Files.writeString(other.resolve("smell_test.csv"), "s\n1\n");
    assertModelRefused(model, other, "none of the model's modalities");
  }

  @Test
  void labelsThatTheModelDoesNotKnowAreRefused() throws IOException {
    TinyData.line(data.resolve("labels_test.csv"), 2, l -> l.replaceAll("^\\w+", "maybe"));
    BadInputTest.assertRefused(
        CommandResult.of("evaluate", "--model", model, "--data", data),
        List.of("labels_test.csv", "row 1", "maybe"));
  }

  private void assertModelRefused(Path file, Path rows, String... fragments) {
    Path out = temporary.resolve("refused.csv");
    BadInputTest.assertRefused(
        CommandResult.of("predict", "--model", file, "--data", rows, "--out", out),
        List.of(fragments));
    assertFalse(Files.exists(out), "something was written");
    BadInputTest.assertRefused(
        CommandResult.of("evaluate", "--model", file, "--data", rows), List.of(fragments));
  }
}
