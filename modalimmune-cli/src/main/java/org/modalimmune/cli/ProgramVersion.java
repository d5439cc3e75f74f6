package org.modalimmune.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The versions of the program and of the Java that runs it. */
final class ProgramVersion implements IVersionProvider {
  private static final String RESOURCE = "version.txt";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "modalimmune " + program(), "Java " + Runtime.version() + ", " + System.getProperty("os.arch")
    };
  }

  /** The version that the build wrote into the jar. */
  static String program() throws IOException {
    try (InputStream in = ProgramVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("the jar is damaged: it has no " + RESOURCE + "; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
