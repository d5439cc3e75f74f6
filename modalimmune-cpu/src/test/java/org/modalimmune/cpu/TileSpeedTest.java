package org.modalimmune.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modalimmune.tensor.DType;

/**
 * A tile that misses the optimising compiler runs some hundred times slower, in some processes and
 * at some widths and not in others. Fresh processes show it: the tiles must beat plain loops in
 * each of them, by far less than they do when all is well.
 */
final class TileSpeedTest {
  /** Compiled tiles are above 10, uncompiled ones far below 1. */
  private static final double LEAST = 2;

  /** Those of the machine's own instructions, the preferred one three times. */
  static IntStream widths() {
    int preferred = VectorModule.preferredBits();
    return IntStream.of(128, 256, 512, preferred, preferred).filter(w -> w <= preferred);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void tilesAreCompiledInAFreshProcess(int width) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xbatch",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TileSpeed.class.getName(),
                Integer.toString(width))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines;
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      lines = out.lines().toList();
    }
    assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
    assertEquals(DType.values().length, lines.size(), () -> String.join("\n", lines));
    for (String line : lines) {
      double ratio = Double.parseDouble(line.substring(line.indexOf(' ') + 1));
      assertTrue(ratio >= LEAST, () -> "times faster than plain loops: " + line);
    }
  }
}
