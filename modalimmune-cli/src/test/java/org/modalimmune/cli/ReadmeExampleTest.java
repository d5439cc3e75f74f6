package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README compiles as it stands and does what it says. */
class ReadmeExampleTest {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void theExampleCompilesAndRuns(@TempDir Path folder) throws IOException, InterruptedException {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("..", "README.md")));
    assertTrue(example.find(), "README.md has no Java example");
    Path source = folder.resolve("Embed.java");
    Files.writeString(source, example.group(1));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    String path = System.getProperty("java.class.path");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, "-cp", path, "-d", folder.toString(), source.toString());
    assertEquals(0, compiled, () -> messages.toString(StandardCharsets.UTF_8));
    Path data = folder.resolve("data");
    TinyData.write(data);
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                folder + System.getProperty("path.separator") + path,
                "Embed",
                data.toString())
            .redirectErrorStream(true)
            .start();
    List<String> lines;
    try (var out = run.inputReader(StandardCharsets.UTF_8)) {
      lines = out.lines().toList();
    }
    assertEquals(0, run.waitFor(), () -> String.join("\n", lines));
    long patterns = lines.stream().filter(l -> l.matches(".*: [01]\\.\\d+")).count();
    assertEquals(7, patterns, () -> String.join("\n", lines));
  }
}
