package org.modalimmune.backend;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A class path of its own that registers some providers, so that those of tests are seen by no
 * other test, nor by users of the test jar.
 */
final class ProviderClassPath {
  private ProviderClassPath() {}

  /**
   * Loads {@code question} and everything it uses anew, with the given providers registered in a
   * folder below {@code folder}, and returns its answer.
   */
  static String ask(
      Path folder, Class<? extends Supplier<String>> question, List<Class<?>> providers)
      throws IOException, ReflectiveOperationException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(
        services.resolve(BackendProvider.class.getName()),
        providers.stream().map(Class::getName).toList());
    URL[] path =
        Stream.concat(
                Stream.of(folder.toString()),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)))
            .map(ProviderClassPath::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
      Object asked = loader.loadClass(question.getName()).getDeclaredConstructor().newInstance();
      return (String) Supplier.class.getMethod("get").invoke(asked);
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(entry, e);
    }
  }
}
