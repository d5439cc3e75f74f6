package org.modalimmune.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modalimmune.backend.Availability;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.BackendUnavailableException;

/** What the provider says in a process that finds no driver. */
class AvailabilityTest {
  @TempDir private Path temporary;

  @Test
  void withoutADriverTheReasonIsGivenAndNothingIsLoaded() throws Exception {
    String said = ask("--enable-native-access=ALL-UNNAMED");
    assumeFalse(said.startsWith("usable"), "this machine has a GPU: " + said);
    assertTrue(said.startsWith("no driver: libcuda.so.1 was not found"), said);
    assertTrue(said.contains("open refuses: backend cuda: no driver"), said);
    // JCuda unpacks a library before it loads it.
    try (Stream<Path> unpacked = Files.list(temporary)) {
      assertEquals(List.of(), unpacked.filter(f -> f.toString().contains("JCuda")).toList());
    }
  }

  @Test
  void withoutNativeAccessTheReasonIsGivenAndNothingIsPrinted() throws Exception {
    String said = ask();
    assertTrue(said.startsWith("native access is not enabled"), said);
    assertFalse(said.contains("WARNING"), said);
  }

  private String ask(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Question.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("LD_LIBRARY_PATH");
    Process child = builder.start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), said);
    return said;
  }

  /** Asks in a process of its own. */
  static final class Question {
    private Question() {}

    public static void main(String[] arguments) {
      Availability found = new CudaProvider().availability();
      System.out.println(found.usable() ? "usable: " + found.reason() : found.reason());
      if (!found.usable()) {
        try {
          new CudaProvider().open(new BackendOptions(1, Map.of())).close();
        } catch (BackendUnavailableException e) {
          System.out.println("open refuses: " + e.getMessage());
        }
      }
    }
  }
}
