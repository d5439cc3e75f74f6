package org.modalimmune.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.backend.BackendProvider;
import org.modalimmune.backend.Backends;

/** What doctor says of the backends on the path. */
final class DoctorCommandTest {
  @Test
  void everyBackendIsNamedWithItsState() {
    CommandResult result = CommandResult.of("doctor");
    assertEquals(0, result.code(), result.out());
    for (BackendProvider provider : Backends.providers()) {
      assertTrue(result.out().contains("backend " + provider.name()), result.out());
      assertTrue(result.out().contains(provider.availability().reason()), result.out());
    }
    assertTrue(result.out().contains("self test:  passed"), result.out());
    assertTrue(result.out().contains("Java          25"), result.out());
    assertTrue(result.out().contains("MiB in the machine"), result.out());
  }

  @Test
  void oneBackendCanBeAskedFor() {
    CommandResult result = CommandResult.of("doctor", "--backend", "reference");
    assertEquals(0, result.code(), result.err());
    assertEquals(
        List.of("backend reference"),
        result.out().lines().filter(l -> l.startsWith("backend ")).toList());
    assertFalse(result.out().contains("FAILED"), result.out());
  }

  @Test
  void backendThatDoesNotExistIsRefused() {
    BadInputTest.assertRefused(
        CommandResult.of("doctor", "--backend", "abacus"), List.of("abacus", "reference"));
  }
}
