package org.modalimmune.architecture;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The architecture of the api module. */
final class ApiArchitectureTest {
  /** The JDK alone, and of it the base module alone. */
  private static final Set<String> ALLOWED_MODULES = Set.of("java.base");

  @Test
  void everyFloorStandsOnlyOnTheFloorsBelow() throws IOException {
    CompiledModule module = CompiledModule.underTest();
    assertFalse(module.classes().isEmpty(), "no compiled class in " + module.folder());
    assertEquals(List.of(), Floors.ofApi().violations(module.packageDependencies()));
  }

  @Test
  void requiresTheJdkAlone() throws IOException {
    Set<String> required =
        CompiledModule.underTest().descriptor().requires().stream()
            .map(ModuleDescriptor.Requires::name)
            .collect(toSet());
    assertEquals(ALLOWED_MODULES, required);
  }

  @Test
  void staticFieldsAreFinal() throws IOException {
    assertEquals(List.of(), StaticState.assignableFields(CompiledModule.underTest()));
  }
}
