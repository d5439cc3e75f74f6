package org.modalimmune.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The main classes of one module, as compiled. Compiled code is read rather than source because a
 * fully qualified name in the middle of a method is then as visible as an import.
 *
 * @param folder where the classes lie
 * @param classes every class but the module descriptor, sorted by path
 */
public record CompiledModule(Path folder, List<ClassModel> classes) {
  private static final String MODULE_DESCRIPTOR = "module-info.class";

  /** Takes a defensive copy of the classes. */
  public CompiledModule {
    classes = List.copyOf(classes);
  }

  /**
   * Reads the classes from {@code target/classes} of the module that the tests run in.
   *
   * @throws IOException if the folder or one of its files cannot be read
   */
  public static CompiledModule underTest() throws IOException {
    Path folder = Path.of("target", "classes").toAbsolutePath();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(file -> file.toString().endsWith(".class"))
              .filter(file -> !file.endsWith(MODULE_DESCRIPTOR))
              .sorted()
              .toList();
    }
    List<ClassModel> parsed = new ArrayList<>(files.size());
    for (Path file : files) {
      parsed.add(ClassFile.of().parse(file));
    }
    return new CompiledModule(folder, parsed);
  }

  /**
   * The module's descriptor.
   *
   * @throws IOException if it cannot be read
   */
  public ModuleDescriptor descriptor() throws IOException {
    try (InputStream in = Files.newInputStream(folder.resolve(MODULE_DESCRIPTOR))) {
      return ModuleDescriptor.read(in);
    }
  }

  /** For each package of the module, the project's packages that its classes refer to. */
  public Map<String, Set<String>> packageDependencies() {
    return classes.stream()
        .collect(
            Collectors.groupingBy(
                ClassReferences::packageOf,
                TreeMap::new,
                Collectors.flatMapping(
                    model -> ClassReferences.projectPackages(model).stream(),
                    Collectors.toCollection(TreeSet::new))));
  }
}
