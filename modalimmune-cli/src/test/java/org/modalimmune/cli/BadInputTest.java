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

/** Bad input is refused with exit code 2, one line that names the place, and nothing written. */
final class BadInputTest {
  @TempDir private Path temporary;
  private Path data;

  /** Spoils a good data set. */
  interface Damage {
    void apply(Path data) throws IOException;
  }

  @BeforeEach
  void writeData() throws IOException {
    data = temporary.resolve("data");
    TinyData.write(data);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage(
            "rows do not align",
            d -> {
              List<String> lines = Files.readAllLines(d.resolve("audio_train.csv"));
              Files.write(d.resolve("audio_train.csv"), lines.subList(0, 50));
            },
            "audio_train.csv",
            "49 rows",
            "60"),
        damage(
            "ids do not align",
            d -> {
              List<String> lines = new ArrayList<>(Files.readAllLines(d.resolve("text_train.csv")));
              for (int i = 0; i < lines.size(); i++) {
                String id = i == 0 ? "id" : "row-" + (i == 8 ? 99 : i - 1);
                lines.set(i, id + "," + lines.get(i));
              }
              Files.write(d.resolve("text_train.csv"), lines);
            },
            "text_train.csv",
            "row 8",
            "row-99"),
        damage(
            "label missing",
            d -> TinyData.line(d.resolve("labels_train.csv"), 5, l -> l.replaceAll("^\\w+", "")),
            "labels_train.csv",
            "row 4",
            "'label'"),
        damage(
            "label unknown",
            d ->
                TinyData.line(
                    d.resolve("labels_test.csv"), 6, l -> l.replaceAll("^\\w+", "perhaps")),
            "labels_test.csv",
            "row 5",
            "'label'",
            "perhaps"),
        damage(
            "semicolons",
            d ->
                Files.write(
                    d.resolve("labels_train.csv"),
                    Files.readAllLines(d.resolve("labels_train.csv")).stream()
                        .map(l -> l.replace(',', ';'))
                        .toList()),
            "labels_train.csv",
            "semicolons"),
        damage(
            "text in a number column",
            d ->
                TinyData.line(
                    d.resolve("text_train.csv"), 3, l -> "loud" + l.substring(l.indexOf(','))),
            "text_train.csv",
            "row 2",
            "'t0'",
            "loud"),
        damage(
            "NaN",
            d ->
                TinyData.line(d.resolve("audio_test.csv"), 4, l -> l.replaceAll(",[^,]*$", ",nan")),
            "audio_test.csv",
            "row 3",
            "'a2'"),
        damage(
            "infinity",
            d ->
                TinyData.line(
                    d.resolve("video_train.csv"), 9, l -> l.replaceAll(",[^,]*$", ",-inf")),
            "video_train.csv",
            "row 8",
            "'v1'"),
        damage(
            "empty file",
            d -> Files.write(d.resolve("video_train.csv"), new byte[0]),
            "video_train.csv"),
        damage(
            "no usable column",
            d -> TinyData.body(d.resolve("video_train.csv"), l -> "1,2"),
            "video_train.csv",
            "no usable column"),
        damage(
            "one class only",
            d -> TinyData.body(d.resolve("labels_train.csv"), l -> l.replaceAll("^\\w+", "no")),
            "labels_train.csv",
            "'label'",
            "two classes"),
        damage(
            "as many groups as rows",
            d ->
                TinyData.body(
                    d.resolve("labels_train.csv"),
                    l ->
                        l.replaceAll("group\\d,row-", "g,row-")
                            .replaceAll(",g,row-(\\d+)", ",g$1,row-$1")),
            "'video'",
            "60 groups in 60 rows"),
        damage(
            "one group",
            d ->
                TinyData.body(d.resolve("labels_train.csv"), l -> l.replaceAll("group\\d", "same")),
            "'video'",
            "1 group"),
        damage(
            "no test split",
            d -> {
              for (String part : List.of("labels", "text", "audio", "video")) {
                Files.delete(d.resolve(part + "_test.csv"));
              }
            },
            "_test"),
        damage(
            "labels missing", d -> Files.delete(d.resolve("labels_train.csv")), "labels_train.csv"),
        damage(
            "row with half its cells",
            d -> TinyData.line(d.resolve("text_train.csv"), 3, l -> l.replaceAll("^[^,]*", "")),
            "text_train.csv",
            "row 2",
            "'t0'"),
        damage(
            "too many cells",
            d -> TinyData.line(d.resolve("text_train.csv"), 3, l -> l + ",1"),
            "text_train.csv",
            "row 2"));
  }

  private static Arguments damage(String name, Damage damage, String... fragments) {
    return Arguments.of(name, damage, List.of(fragments));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void compareRefusesDamagedData(String name, Damage damage, List<String> fragments)
      throws IOException {
    damage.apply(data);
    Path out = temporary.resolve("out");
    CommandResult result =
        CommandResult.of(
            "compare",
            "--data",
            data,
            "--group",
            "video",
            "--seeds",
            1,
            "--epochs",
            1,
            "--out",
            out);
    assertRefused(result, fragments);
    assertFalse(Files.exists(out), "something was written");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void trainRefusesDamagedTrainingData(String name, Damage damage, List<String> fragments)
      throws IOException {
    damage.apply(data);
    if (!Files.exists(data.resolve("text_test.csv"))) {
      return; // training alone needs no test split
    }
    Path out = temporary.resolve("model.safetensors");
    CommandResult result =
        CommandResult.of("train", "--data", data, "--group", "video", "--epochs", 1, "--out", out);
    assertRefused(result, fragments);
    assertFalse(Files.exists(out), "something was written");
  }

  static Stream<Arguments> usages() {
    return Stream.of(
        usage("--backend nosuch", "nosuch", "reference"),
        usage("--methods plain,magic", "magic", "dropout-noise"),
        usage("--methods plain,plain", "plain", "twice"),
        usage("--methods plain,,immune", "empty"),
        usage("--seeds 0", "--seeds", "0"),
        usage("--seeds many", "--seeds", "many"),
        usage("--first-seed " + Long.MAX_VALUE, "--first-seed"),
        usage("--threads 0", "--threads", "0"),
        usage("--epochs 0", "epoch", "0"),
        usage("--batch 1", "batch", "1"),
        usage("--learning-rate -1", "learning rate", "-1"),
        usage("--weight-decay -1", "decay", "-1"),
        usage("--validation 1", "fraction", "1"),
        usage("--isotropic-noise -1", "isotropic", "-1"),
        usage("--patterns 0", "pattern", "0"),
        usage("--severity 2", "severity", "2"),
        usage("--silent-weight NaN", "silent", "NaN"),
        usage("--controller best", "best", "stratified"),
        usage("--gain LOSS", "LOSS", "v-information"),
        usage("--temperature 0", "--temperature", "0"),
        usage("--hypergradient magic", "--hypergradient", "magic", "[noise, weights, severity"),
        usage("--hypergradient NOISE", "NOISE", "noise"),
        usage("--hypergradient noise,none", "none", "alone"),
        usage("--hypergradient noise,noise", "noise", "twice"),
        usage("--interventions zero_input", "zero_input", "zero-input", "none]"),
        usage("--interventions noise,,omit", "--interventions", "empty"),
        usage("--collapse-loss -1", "collapse loss", "-1"),
        usage("--collapse-loss none", "--collapse-loss", "none"),
        usage("--modalities text,smell", "smell", "audio"),
        usage("--modalities text,text", "text", "twice"),
        usage("--label mood", "labels_train.csv", "mood", "label"),
        usage("--group speaker", "labels_train.csv", "speaker", "video"),
        usage("--id name", "name"),
        usage("--colour red", "--colour"));
  }

  private static Arguments usage(String options, String... fragments) {
    return Arguments.of(options, List.of(fragments));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("usages")
  void compareRefusesOptions(String options, List<String> fragments) {
    Path out = temporary.resolve("out");
    List<Object> arguments = new ArrayList<>(List.of("compare", "--data", data, "--out", out));
    arguments.addAll(List.of(options.split(" ", -1)));
    assertRefused(CommandResult.of(arguments.toArray()), fragments);
    assertFalse(Files.exists(out), "something was written");
  }

  @Test
  void emptyMethodsAreRefused() {
    Path out = temporary.resolve("out");
    assertRefused(
        CommandResult.of("compare", "--data", data, "--out", out, "--methods", ""),
        List.of("--methods"));
    assertFalse(Files.exists(out), "something was written");
  }

  @Test
  void outputThatIsAFileIsRefusedBeforeTheDataAreRead() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "mine");
    for (Path out : List.of(file, file.resolve("below").resolve("it"))) {
      assertRefused(
          CommandResult.of("compare", "--data", temporary.resolve("nowhere"), "--out", out),
          List.of("cannot write", file.toString(), "choose another"));
      assertRefused(
          CommandResult.of("demo", "--out", out),
          List.of("cannot write", file.toString(), "choose another"));
    }
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void modelFileThatCannotBeWrittenIsRefusedBeforeTheDataAreRead() {
    for (Path out : List.of(temporary, temporary.resolve("missing").resolve("model"))) {
      assertRefused(
          CommandResult.of("train", "--data", temporary.resolve("nowhere"), "--out", out),
          List.of("cannot write", out.toString()));
    }
  }

  @Test
  void folderThatDoesNotExistIsRefused() {
    assertRefused(
        CommandResult.of("train", "--data", temporary.resolve("nowhere"), "--out", "m"),
        List.of("nowhere", "no such"));
  }

  @Test
  void specialistsNeedCompleteRows() throws IOException {
    TinyData.line(data.resolve("text_test.csv"), 4, l -> ",,,");
    Path out = temporary.resolve("out");
    assertRefused(
        CommandResult.of("compare", "--data", data, "--methods", "plain,specialists", "--out", out),
        List.of("specialists", "'text'", "1 of 30"));
    assertFalse(Files.exists(out), "something was written");
  }

  @Test
  void specialistsLeaveNoModelFile() {
    assertRefused(
        CommandResult.of("train", "--data", data, "--method", "specialists", "--out", "m"),
        List.of("specialists"));
  }

  /** Exit code 2, one line without a stack trace, and every fragment in it. */
  static void assertRefused(CommandResult result, List<String> fragments) {
    assertEquals(2, result.code(), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertEquals("", result.out());
    assertTrue(result.err().startsWith("modalimmune "), result.err());
    for (String fragment : fragments) {
      assertTrue(result.err().contains(fragment), fragment + " is not in: " + result.err());
    }
  }
}
