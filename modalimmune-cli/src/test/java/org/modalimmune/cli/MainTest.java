package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The root command's own behaviour: help, version and refusals. */
final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpIsPrintedOnStandardOutput() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().startsWith("Usage: modalimmune "), out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void versionIsThatOfTheBuild() {
    assertEquals(0, run("--version"));
    assertTrue(
        out.toString().matches("(?s)modalimmune \\d+\\.\\d+\\.\\d+.*Java 25.*"), out.toString());
  }

  @Test
  void missingCommandIsRefusedInOneLine() {
    assertEquals(2, run());
    assertEquals(
        "modalimmune: a command is missing; see modalimmune --help", err.toString().strip());
    assertEquals("", out.toString());
  }

  @Test
  void unknownOptionIsRefusedInOneLine() {
    assertEquals(2, run("--no-such-option"));
    assertEquals(1, err.toString().strip().lines().count(), err.toString());
    assertTrue(err.toString().contains("--no-such-option"), err.toString());
    assertEquals("", out.toString());
  }

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
