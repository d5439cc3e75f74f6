package org.modalimmune.cuda.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.modalimmune.cuda.compile.SourceText;

/**
 * The CUDA C files beside this class. A source whose first line is {@code // compile with
 * --fmad=true} may be contracted by the compiler; all others are rounded as written.
 */
final class KernelSources {
  private static final String CONTRACTION = "// compile with --fmad=true";
  private static final Pattern INCLUDE =
      Pattern.compile("^\\s*#include\\s+\"([^\"]+)\"", Pattern.MULTILINE);

  private KernelSources() {}

  /**
   * A source by its file name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static SourceText source(String file) {
    String text = read(file);
    return new SourceText(file, text, text.startsWith(CONTRACTION));
  }

  /** The files that a source includes, and those that these include, by name. */
  static Map<String, String> headers(SourceText source) {
    Map<String, String> found = new HashMap<>();
    collect(source.text(), found);
    return found;
  }

  private static void collect(String text, Map<String, String> found) {
    Matcher include = INCLUDE.matcher(text);
    while (include.find()) {
      String name = include.group(1);
      if (!found.containsKey(name)) {
        String header = read(name);
        found.put(name, header);
        collect(header, found);
      }
    }
  }

  private static String read(String file) {
    try (InputStream in = KernelSources.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("kernels: there is no file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("kernels: " + file, e);
    }
  }
}
