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

  @Test
  void settingsReachTheBackendThatIsNamed() {
    CommandResult result =
        CommandResult.of("doctor", "--backend", "cpu", "--backend-setting", "vector-bits=128");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("device:     128-bit vectors"), result.out());
  }

  @Test
  void settingsThatTheBackendDoesNotKnowAreRefused() {
    CommandResult result =
        CommandResult.of("doctor", "--backend", "cpu", "--backend-setting", "colour=red");
    assertEquals(2, result.code(), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().contains("colour") && result.err().contains("vector-bits"));
  }

  @Test
  void settingsNeedTheNameOfABackend() {
    BadInputTest.assertRefused(
        CommandResult.of("doctor", "--backend-setting", "vector-bits=128"), List.of("--backend"));
  }

  /** On a machine without a GPU the reason, in one line; with one, the backend must compute. */
  @Test
  void theGraphicsCardIsUsedOrItsAbsenceExplained() {
    BackendProvider cuda = Backends.provider("cuda");
    CommandResult result = CommandResult.of("doctor", "--backend", "cuda");
    if (cuda.availability().usable()) {
      assertEquals(0, result.code(), result.out());
    } else {
      BadInputTest.assertRefused(result, List.of("backend cuda", cuda.availability().reason()));
    }
  }
}
