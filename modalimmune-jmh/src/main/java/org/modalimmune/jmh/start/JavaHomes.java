package org.modalimmune.jmh.start;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Installed Java runtimes: the one named by JAVA_HOME, and those in the usual folders. */
final class JavaHomes {
  private static final Pattern FEATURE = Pattern.compile("\"?(\\d+).*");

  private JavaHomes() {}

  /** JAVA_HOME if it is new enough, otherwise the oldest that is. */
  static Optional<Path> find(int atLeast) {
    String named = System.getenv("JAVA_HOME");
    if (named != null && version(Path.of(named)) >= atLeast) {
      return Optional.of(Path.of(named));
    }
    Path best = null;
    for (Path folder : folders()) {
      for (Path home : children(folder)) {
        int found = version(home);
        if (found >= atLeast && (best == null || found < version(best))) {
          best = home;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    Path own = Path.of(System.getProperty("java.home")).getParent();
    if (own != null) {
      folders.add(own);
    }
    for (String fixed :
        List.of(
            "/usr/lib/jvm",
            "/usr/lib64/jvm",
            "/usr/java",
            "/usr/local/java",
            "/opt/java",
            "/opt")) {
      folders.add(Path.of(fixed));
    }
    Path user = Path.of(System.getProperty("user.home"));
    for (String below : List.of(".sdkman/candidates/java", ".jdks", ".asdf/installs/java")) {
      folders.add(user.resolve(below));
    }
    return folders;
  }

  private static List<Path> children(Path folder) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(found::add);
      } catch (IOException e) {
        // a folder that cannot be listed holds no Java that could be run
        return List.of();
      }
    }
    found.sort(null);
    return found;
  }

  /** The feature version in the release file; 0 if this is no Java. */
  private static int version(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isReadable(release)) {
      return 0;
    }
    Properties properties = new Properties();
    try (BufferedReader reader = Files.newBufferedReader(release)) {
      properties.load(reader);
    } catch (IOException e) {
      return 0;
    }
    Matcher matcher = FEATURE.matcher(properties.getProperty("JAVA_VERSION", ""));
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
