package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modalimmune.io.SafetensorsFile;

/** Training with checkpoints on the command line. */
final class CheckpointCommandTest {
  @TempDir private Path temporary;
  private Path data;
  private Path model;
  private Path checkpoint;

  @BeforeEach
  void write() throws IOException {
    data = temporary.resolve("data");
    model = temporary.resolve("model.safetensors");
    checkpoint = temporary.resolve("run.checkpoint");
    TinyData.write(data);
  }

  private CommandResult train(Path out, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("train", "--data", data, "--epochs", 4, "--batch", 16, "--out", out));
    arguments.addAll(List.of(more));
    return CommandResult.of(arguments.toArray());
  }

  @Test
  void aResumedRunWritesTheSameModel() throws IOException {
    CommandResult whole = train(model, "--checkpoint", checkpoint, "--checkpoint-every", 3);
    assertEquals(0, whole.code(), whole.err());
    Path again = temporary.resolve("again.safetensors");
    CommandResult resumed = train(again, "--resume", checkpoint);
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("continues after epoch 4 of 4"), resumed.err());
    try (SafetensorsFile one = SafetensorsFile.open(model);
        SafetensorsFile other = SafetensorsFile.open(again)) {
      assertEquals(one.entries(), other.entries());
      for (String name : one.entries().keySet()) {
        assertArrayEquals(one.readDoubles(name), other.readDoubles(name), name);
      }
    }
  }

  @Test
  void aRunWithOtherOptionsIsRefusedAndNothingIsTouched() throws IOException {
    assertEquals(0, train(model, "--checkpoint", checkpoint).code());
    final byte[] saved = Files.readAllBytes(checkpoint);
    Path other = temporary.resolve("other.safetensors");
    BadInputTest.assertRefused(
        train(other, "--resume", checkpoint, "--learning-rate", "1e-3"),
        List.of("run.checkpoint", "training.learningRate is 0.002", "0.001"));
    BadInputTest.assertRefused(
        train(other, "--resume", checkpoint, "--method", "plain"),
        List.of("run.checkpoint", "method is immune", "plain"));
    BadInputTest.assertRefused(
        train(other, "--checkpoint", checkpoint), List.of("run.checkpoint", "replace"));
    TinyData.line(data.resolve("text_train.csv"), 3, l -> l.replaceAll("^[^,]*", "0.123"));
    BadInputTest.assertRefused(
        train(other, "--resume", checkpoint), List.of("run.checkpoint", "data.sha256"));
    assertArrayEquals(saved, Files.readAllBytes(checkpoint));
    Files.write(checkpoint, Arrays.copyOf(saved, saved.length - 5));
    BadInputTest.assertRefused(
        train(other, "--resume", checkpoint), List.of("run.checkpoint", "truncated"));
    assertFalse(Files.exists(other), "a model was written");
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    BadInputTest.assertRefused(
        train(model, "--resume", temporary.resolve("none")), List.of("none", "no such file"));
    BadInputTest.assertRefused(
        train(model, "--checkpoint-every", 2), List.of("--checkpoint-every", "--checkpoint"));
    BadInputTest.assertRefused(
        train(model, "--checkpoint", checkpoint, "--checkpoint-every", 0),
        List.of("at least 1 epoch"));
    BadInputTest.assertRefused(
        train(model, "--checkpoint", model), List.of("--checkpoint", "--out"));
    BadInputTest.assertRefused(
        train(model, "--checkpoint", temporary.resolve("no/folder")), List.of("does not exist"));
    assertFalse(Files.exists(model) || Files.exists(checkpoint), "something was written");
  }
}
