package org.modalimmune.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.cuda.library.LibraryPreference;
import org.modalimmune.cuda.library.MathMode;

/** What the backend's settings may be. */
class CudaSettingsTest {
  @Test
  void withoutSettings() {
    CudaSettings settings = CudaSettings.of(BackendOptions.defaults());
    assertEquals(
        new CudaSettings(
            OptionalInt.empty(),
            LibraryPreference.AUTO,
            OptionalLong.empty(),
            MathMode.STRICT,
            true,
            Optional.empty()),
        settings);
  }

  @Test
  void allSettings() {
    CudaSettings settings =
        CudaSettings.of(
            new BackendOptions(
                1,
                Map.of(
                    "device", "2",
                    "library", "panama",
                    "memory-limit-mib", "3",
                    "math", "bf16",
                    "fusion", "off",
                    "cache", "/some/where")));
    assertEquals(
        new CudaSettings(
            OptionalInt.of(2),
            LibraryPreference.PANAMA,
            OptionalLong.of(3L << 20),
            MathMode.BF16,
            false,
            Optional.of(Path.of("/some/where"))),
        settings);
  }

  @ParameterizedTest
  @CsvSource({
    "device, -1, device",
    "device, two, device",
    "library, tornado, panama",
    "library, JCUDA, jcuda",
    "memory-limit-mib, 0, positive",
    "memory-limit-mib, much, positive",
    "math, fp8, strict",
    "fusion, true, off",
    "cache, ' ', folder",
    "threads, 2, memory-limit-mib"
  })
  void whatIsOutOfRangeIsRefused(String name, String value, String fragment) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> CudaSettings.of(new BackendOptions(1, Map.of(name, value))));
    assertTrue(e.getMessage().contains(name) && e.getMessage().contains(fragment), e.getMessage());
  }
}
