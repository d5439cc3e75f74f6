package org.modalimmune.cuda.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/** The kernels are CUDA C to NVIDIA's own compiler, for the oldest and the newest card. */
class KernelSourcesCompileTest {
  private static final List<String> OLDEST_FIRST = List.of("sm_70", "sm_75", "sm_80", "sm_90");

  static Stream<String> sources() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".cu"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void compiles(String source, @TempDir Path scratch) throws IOException, InterruptedException {
    List<String> known = architectures();
    // each type and each end of the range of cards once: the two do not meet in the sources
    compile(source, known.getFirst(), "double", scratch);
    compile(source, known.getLast(), "float", scratch);
  }

  private static void compile(String source, String architecture, String type, Path scratch)
      throws IOException, InterruptedException {
    Process nvcc =
        new ProcessBuilder(
                "nvcc",
                "--cubin",
                // for what the compilers accept; optimising takes two thirds of the time
                "-Xcicc",
                "-O0",
                "-Xptxas",
                "-O0",
                "-arch=" + architecture,
                "--std=c++17",
                "--fmad=false",
                "-DREAL=" + type,
                "-o",
                scratch.resolve("kernel.cubin").toString(),
                folder().resolve(source).toString())
            .redirectErrorStream(true)
            .start();
    String messages = new String(nvcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(
        0, nvcc.waitFor(), source + " for " + architecture + ", " + type + ":\n" + messages);
  }

  private static Path folder() {
    return Path.of("src", "main", "resources", "org", "modalimmune", "cuda", "kernel");
  }

  /**
   * Those of the list that the compiler at hand knows; newer ones have dropped the oldest cards.
   */
  private static List<String> architectures() throws InterruptedException {
    try {
      Process nvcc = new ProcessBuilder("nvcc", "--list-gpu-code").start();
      String text = new String(nvcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      nvcc.waitFor();
      List<String> listed = Arrays.asList(text.split("\\s+", -1));
      return OLDEST_FIRST.stream().filter(listed::contains).toList();
    } catch (IOException e) {
      throw new TestAbortedException(
          "SKIPPED: there is no nvcc on the path; install the CUDA toolkit to compile the kernels"
              + " by it",
          e);
    }
  }
}
