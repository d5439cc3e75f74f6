package org.modalimmune.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A kernel that the first compiler gives up on can stay uncompiled for the life of a process, some
 * hundred times slower. A fresh process shows whether that happens to one of ours. It counts calls,
 * and waits for each compilation: however busy the machine is, the compilers see the same kernels.
 */
class CompilationTest {
  /** Of the numbers of calls and turns of a loop that a method is compiled after. */
  private static final double SCALING = 0.1;

  /** Past the thresholds of the second compiler, so scaled, for nearly all kernels. */
  private static final int ROUNDS = 15;

  /** A line about a compilation by the second compiler, at level 4. */
  private static final Pattern OPTIMISED =
      Pattern.compile("\\s4\\s+org\\.modalimmune\\.cpu\\.vector\\.");

  @Test
  void noKernelIsTooMuchCodeForACompiler() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+PrintCompilation",
                "-Xbatch",
                "-XX:CompileThresholdScaling=" + SCALING,
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EveryKernel.class.getName(),
                Integer.toString(ROUNDS))
            .redirectErrorStream(true)
            .start();
    List<String> lines;
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      lines = out.lines().toList();
    }
    assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
    assertTrue(
        lines.stream().anyMatch(l -> OPTIMISED.matcher(l).find()),
        "the second compiler has seen no kernel at all");
    List<String> skipped =
        lines.stream()
            .filter(l -> l.contains("org.modalimmune") && l.contains("COMPILE SKIPPED"))
            .toList();
    assertEquals(List.of(), skipped);
  }
}
