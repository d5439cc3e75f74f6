package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modalimmune.backend.Availability;
import org.modalimmune.backend.BackendUnavailableException;
import org.modalimmune.cuda.CudaProvider;

/**
 * What the provider says where something is missing or too old; it never throws and never guesses.
 */
class AvailabilityOnSoftwareDeviceTest {
  private final SoftwareDevice device = SoftwareDevice.require();

  @BeforeEach
  void reset() {
    device.reset();
  }

  @AfterEach
  void restore() {
    device.reset();
  }

  @Test
  void aWholeDeviceIsUsable() {
    Availability a = new CudaProvider().availability();
    assertTrue(a.usable(), a.reason());
    assertTrue(a.reason().contains("compute capability 7.5"), a.reason());
    assertTrue(a.reason().contains("driver for CUDA 13.0"), a.reason());
  }

  @ParameterizedTest
  @CsvSource({
    "driver-version, 11010, driver too old",
    "devices, 0, no device",
    "capability, 61, is below 7.0",
    "driver-version, 11080, no library"
  })
  void whatIsTooOldOrMissingIsTheReason(String setting, long value, String reason) {
    device.set(setting, value);
    Availability a = new CudaProvider().availability();
    assertFalse(a.usable());
    assertTrue(a.reason().contains(reason), a.reason());
    BackendUnavailableException e =
        assertThrows(BackendUnavailableException.class, () -> SoftwareDevice.open("auto"));
    assertTrue(e.getMessage().startsWith("backend cuda: "), e::getMessage);
  }

  @ParameterizedTest
  @CsvSource({
    "panama, cublas-version, 110900",
    "panama, nvrtc-version, 11080",
    "jcuda, cublas-version, 130000",
    "jcuda, nvrtc-version, 13000"
  })
  void aLibraryOfAnotherVersionThanItsNameSaysIsRefused(
      String library, String setting, long version) {
    device.set(setting, version);
    BackendUnavailableException e =
        assertThrows(BackendUnavailableException.class, () -> SoftwareDevice.open(library));
    assertTrue(e.getMessage().contains("says it is version"), e::getMessage);
    assertEquals(0, device.handles());
    assertEquals(0, device.allocations());
  }

  @Test
  void theBindingAskedForIsTheOneUsed() {
    try (var forced = SoftwareDevice.open("panama");
        var jcuda = SoftwareDevice.open("jcuda")) {
      assertTrue(forced.device().contains("CUDA 13"), forced.device());
      assertTrue(forced.device().contains("java.lang.foreign"), forced.device());
      assertTrue(jcuda.device().contains("CUDA 12"), jcuda.device());
      assertTrue(jcuda.device().contains("JCuda"), jcuda.device());
    }
  }

  @Test
  void aDriverOfCuda12UsesTheLibrariesOfCuda12() {
    device.set("driver-version", 12040);
    try (var backend = SoftwareDevice.open("panama")) {
      assertTrue(backend.device().contains("CUDA 12"), backend.device());
    }
  }

  @Test
  void withoutADriverTheReasonSaysSo(@TempDir Path nothing) throws Exception {
    String said = elsewhere(nothing.toString(), "auto");
    assertTrue(said.contains("no driver: libcuda.so.1 was not found"), said);
  }

  @Test
  void withoutLibrariesTheReasonNamesThem(@TempDir Path folder) throws Exception {
    link(folder, "libcuda.so.1");
    String said = elsewhere(folder.toString(), "auto");
    assertTrue(said.contains("libcublas.so.13"), said);
    assertTrue(said.contains("libcublas.so.12"), said);
    String forced = elsewhere(folder.toString(), "jcuda");
    assertTrue(forced.contains("library=jcuda needs the libraries of CUDA 12"), forced);
  }

  @Test
  void aLibraryThatLacksAFunctionIsRefusedByItsName() throws Exception {
    Path incomplete = SoftwareDevice.folder().resolve("incomplete");
    String said = elsewhere(incomplete + ":" + SoftwareDevice.folder(), "panama");
    assertTrue(said.contains("cublasDgemm"), said);
    assertTrue(said.contains("libcublas.so.13"), said);
  }

  private static void link(Path folder, String name) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), SoftwareDevice.folder().resolve(name));
  }

  /** What opening the backend says in a process that finds libraries in those folders alone. */
  private static String elsewhere(String libraryPath, String library)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OpenProgram.class.getName(),
                library));
    builder.environment().put("LD_LIBRARY_PATH", libraryPath);
    builder.environment().remove("CUDA_HOME");
    builder.environment().remove("CUDA_PATH");
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
