import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks or fixes the format of every Java source of the project: those under {@code tools} and
 * under the {@code src} folder of each module.
 *
 * <p>Arguments: {@code check} or {@code fix}, and the root of the project. Exit code 1 means that
 * {@code check} found badly formatted files, which it names.
 */
final class FormatSources {
  private static final String FIX = "mvn -B -N validate -Dformat.mode=fix";

  private FormatSources() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2 || !List.of("check", "fix").contains(arguments[0])) {
      System.err.println("usage: FormatSources check|fix ROOT");
      System.exit(2);
    }
    boolean fix = arguments[0].equals("fix");
    Path root = Path.of(arguments[1]);
    List<String> wrong =
        sources(root).parallelStream().flatMap(file -> visit(root, file, fix).stream()).toList();
    wrong.forEach(System.err::println);
    if (!fix && !wrong.isEmpty()) {
      System.err.println("Badly formatted: " + wrong.size() + " file(s). Fix with: " + FIX);
      System.exit(1);
    }
  }

  /** Build output is left out by never entering anything but the source folders. */
  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> children = Files.list(root)) {
      return children
          .flatMap(child -> Stream.of(child.resolve("src"), child))
          .filter(folder -> folder.endsWith("src") || folder.equals(root.resolve("tools")))
          .filter(Files::isDirectory)
          .flatMap(FormatSources::javaFiles)
          .sorted()
          .toList();
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** One line about the file when it is, or was, badly formatted; nothing otherwise. */
  private static List<String> visit(Path root, Path file, boolean fix) {
    Path name = root.relativize(file);
    try {
      String before = Files.readString(file);
      String after = new Formatter().formatSourceAndFixImports(before);
      if (before.equals(after)) {
        return List.of();
      }
      if (fix) {
        Files.writeString(file, after);
        return List.of("formatted " + name);
      }
      return List.of("not formatted: " + name);
    } catch (FormatterException e) {
      return List.of("cannot be parsed: " + name + ": " + e.getMessage());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
