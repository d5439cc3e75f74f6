package org.modalimmune.jmh.start;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Starts JMH on Java 25 or newer. On an older Java it looks for a newer one and runs itself there;
 * if there is none it says what is missing. Compiled for Java 17, so that it gets to say so.
 *
 * <p>The modules and flags that the measured processes need are given with the benchmarks, not
 * here: JMH starts each of them anew.
 */
public final class Main {
  private static final int WANTED = 25;
  private static final int CANNOT_RUN = 2;

  private Main() {}

  /**
   * Arguments are JMH's own, {@code -h} lists them; or {@code table} and names of peers, for the
   * table of the hot paths.
   */
  public static void main(String[] arguments) throws Throwable {
    if (Runtime.version().feature() >= WANTED) {
      if (arguments.length > 0 && arguments[0].equals("table")) {
        call(
            "org.modalimmune.jmh.report.PerformanceTable",
            Arrays.copyOfRange(arguments, 1, arguments.length));
      } else {
        call("org.openjdk.jmh.Main", arguments);
      }
      return;
    }
    Optional<Path> java = JavaHomes.find(WANTED);
    if (java.isEmpty()) {
      System.err.printf(
          "benchmarks: need Java %d or newer, this is Java %s in %s, and no newer one was found in"
              + " JAVA_HOME or the usual folders%n"
              + "install a JDK %d and run: FOLDER_OF_THE_JDK/bin/java -jar benchmarks.jar%n",
          WANTED, System.getProperty("java.version"), System.getProperty("java.home"), WANTED);
      System.exit(CANNOT_RUN);
      return;
    }
    System.exit(runOn(java.get(), arguments));
  }

  /** The other classes load only here: an older Java never sees them. */
  private static void call(String type, String[] arguments) throws Throwable {
    try {
      Class.forName(type).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static int runOn(Path javaHome, String[] arguments)
      throws IOException, InterruptedException, URISyntaxException {
    Path jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin").resolve("java").toString());
    // JMH 1.37 still reads field offsets through sun.misc.Unsafe, which the JDK warns about
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-cp");
    command.add(jar.toString());
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    // who ends this process means the other one
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return process.waitFor();
  }
}
