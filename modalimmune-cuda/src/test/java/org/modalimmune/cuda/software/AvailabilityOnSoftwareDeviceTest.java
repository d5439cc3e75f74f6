package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcusolver.JCusolverDn;
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

  @Test
  void onTheModulePathTheNativesMustBeUnpacked(@TempDir Path unpacked) throws Exception {
    String packed = modular(unpacked, "-Djava.library.path=" + unpacked);
    assertTrue(packed.contains("on the module path JCuda does not see its jars"), packed);
    assertTrue(packed.contains("cannot be loaded: Error while loading native library"), packed);
    assertFalse(packed.contains("stack trace"), packed);
    for (String name : natives()) {
      try (FileSystem jar = FileSystems.newFileSystem(Path.of(name));
          DirectoryStream<Path> files =
              Files.newDirectoryStream(
                  jar.getPath("lib"), "*{JCudaDriver,JNvrtc,JCublas2,JCusolver}-*")) {
        for (Path file : files) {
          Files.copy(file, unpacked.resolve(file.getFileName().toString()));
        }
      }
    }
    String opened = modular(unpacked, "-Djava.library.path=" + unpacked);
    assertTrue(opened.contains("CUDA 12 libraries through JCuda"), opened);
    assertFalse(opened.contains("WARNING"), opened);
  }

  /** JCuda's jars of native libraries. */
  private static List<String> natives() {
    return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
        .filter(e -> Path.of(e).getFileName().toString().contains("-natives-"))
        .toList();
  }

  private static void link(Path folder, String name) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), SoftwareDevice.folder().resolve(name));
  }

  /** What opening the backend says in a process that finds libraries in those folders alone. */
  private static String elsewhere(String libraryPath, String library)
      throws IOException, InterruptedException {
    return said(
        libraryPath,
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        OpenProgram.class.getName(),
        library);
  }

  /** What it says where everything but the tests is on the module path. */
  private static String modular(Path temporary, String option)
      throws IOException, InterruptedException {
    Path tests = Path.of("target", "test-classes").toAbsolutePath();
    Stream<String> modules =
        Stream.of(
                CudaProvider.class,
                Availability.class,
                JCudaDriver.class,
                JCublas2.class,
                JCusolverDn.class)
            .map(c -> c.getProtectionDomain().getCodeSource().getLocation().getPath());
    return said(
        SoftwareDevice.folder().toString(),
        "--enable-native-access=org.modalimmune.cuda,jcuda,jcublas,jcusolver",
        option,
        "-Djava.io.tmpdir=" + temporary,
        "--module-path",
        Stream.concat(modules, natives().stream()).collect(Collectors.joining(":")),
        "--add-modules",
        "org.modalimmune.cuda",
        "-cp",
        tests + ":" + System.getProperty("java.class.path"),
        OpenProgram.class.getName(),
        "jcuda");
  }

  private static String said(String libraryPath, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
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
