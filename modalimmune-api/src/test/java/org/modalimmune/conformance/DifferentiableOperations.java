package org.modalimmune.conformance;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Variable;

/**
 * The differentiable operations that exist: public static methods of the autodiff package that give
 * a variable. {@link Gradients} differentiates and is none itself.
 */
final class DifferentiableOperations {
  private DifferentiableOperations() {}

  /** Class, method and number of parameters of each, such as {@code Matrix.matmul/2}. */
  static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Class<?> c : classes()) {
      for (Method m : c.getDeclaredMethods()) {
        if (Modifier.isPublic(c.getModifiers())
            && Modifier.isPublic(m.getModifiers())
            && Modifier.isStatic(m.getModifiers())
            && m.getReturnType() == Variable.class
            && c != Gradients.class) {
          names.add(c.getSimpleName() + "." + m.getName() + "/" + m.getParameterCount());
        }
      }
    }
    return names;
  }

  private static List<Class<?>> classes() {
    String folder = Variable.class.getPackageName().replace('.', '/');
    try {
      Path home =
          Path.of(Variable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(home)) {
        return load(home.resolve(folder));
      }
      try (FileSystem jar =
          FileSystems.newFileSystem(URI.create("jar:" + home.toUri()), Map.of())) {
        return load(jar.getPath(folder));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("cannot list the classes of " + folder, e);
    }
  }

  private static List<Class<?>> load(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(p -> p.getFileName().toString())
          .filter(n -> n.endsWith(".class") && !n.contains("$") && !n.contains("-"))
          .<Class<?>>map(
              n -> named(Variable.class.getPackageName() + "." + n.replace(".class", "")))
          .toList();
    }
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name, false, Variable.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
