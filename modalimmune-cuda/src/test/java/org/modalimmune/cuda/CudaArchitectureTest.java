package org.modalimmune.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.modalimmune.architecture.CompiledModule;
import org.modalimmune.architecture.StaticState;

/** The architecture of the cuda module. */
final class CudaArchitectureTest {
  /** What a backend may know of the project: the floors up to the backend's, and itself. */
  private static final Set<String> ALLOWED =
      Set.of(
          "org.modalimmune.annotation",
          "org.modalimmune.random",
          "org.modalimmune.tensor",
          "org.modalimmune.backend",
          "org.modalimmune.backend.kernel");

  @Test
  void knowsNothingAboveTheBackendInterface() throws IOException {
    CompiledModule module = CompiledModule.underTest();
    assertFalse(module.classes().isEmpty(), "no compiled class in " + module.folder());
    List<String> others =
        module.packageDependencies().values().stream()
            .flatMap(Set::stream)
            .filter(name -> !ALLOWED.contains(name) && !isOwn(name))
            .distinct()
            .toList();
    assertEquals(List.of(), others);
  }

  @Test
  void packagesBearTheModulesName() throws IOException {
    Stream<String> packages = CompiledModule.underTest().packageDependencies().keySet().stream();
    assertEquals(List.of(), packages.filter(name -> !isOwn(name)).toList());
  }

  @Test
  void staticFieldsAreFinal() throws IOException {
    assertEquals(List.of(), StaticState.assignableFields(CompiledModule.underTest()));
  }

  @Test
  void providersAreTheSameOnTheClassPathAndOnTheModulePath() throws IOException {
    CompiledModule module = CompiledModule.underTest();
    String service = "org.modalimmune.backend.BackendProvider";
    List<String> onModulePath =
        module.descriptor().provides().stream()
            .filter(provides -> provides.service().equals(service))
            .flatMap(provides -> provides.providers().stream())
            .sorted()
            .toList();
    Path listed = module.folder().resolve("META-INF", "services", service);
    assertEquals(onModulePath, Files.readAllLines(listed).stream().sorted().toList());
  }

  private static boolean isOwn(String name) {
    return name.equals("org.modalimmune.cuda") || name.startsWith("org.modalimmune.cuda.");
  }
}
