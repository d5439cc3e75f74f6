package org.modalimmune.cuda.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where libraries are looked for, in which order, and what is said if they are not there. */
class LibrarySearchTest {
  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void resolveLinks() throws IOException {
    root = temporary.toRealPath();
  }

  @Test
  void theToolkitNamedByTheUserComesFirst() throws IOException {
    Path named = folder("named/lib64");
    Path other = folder("other/targets/x86_64-linux/lib");
    Path standard = folder("usr/local/cuda-12.6/lib64");
    LibrarySearch search =
        LibrarySearch.of(
            Map.of(
                "CUDA_HOME", root.resolve("named").toString(),
                "CUDA_PATH", root.resolve("other").toString()),
            root);
    assertEquals(List.of(named, other, standard), search.folders());
  }

  @Test
  void newerToolkitsComeBeforeOlderOnes() throws IOException {
    Path nine = folder("usr/local/cuda-9.2/lib64");
    Path twelve = folder("usr/local/cuda-12.10/lib64");
    Path twelveBefore = folder("usr/local/cuda-12.9/lib64");
    assertEquals(List.of(twelve, twelveBefore, nine), LibrarySearch.of(Map.of(), root).folders());
  }

  @Test
  void pythonPackagesComeLast() throws IOException {
    Path toolkit = folder("usr/local/cuda/lib64");
    Path thirteen = folder("venv/lib/python3.12/site-packages/nvidia/cu13/lib");
    Path blas = folder("venv/lib/python3.12/site-packages/nvidia/cublas/lib");
    Path solver = folder("home/.local/lib/python3.11/site-packages/nvidia/cusolver/lib");
    Path system = folder("usr/lib/python3/dist-packages/nvidia/cuda_nvrtc/lib");
    List<Path> folders =
        LibrarySearch.of(
                Map.of(
                    "VIRTUAL_ENV", root.resolve("venv").toString(),
                    "HOME", root.resolve("home").toString()),
                root)
            .folders();
    assertEquals(List.of(toolkit, blas, thirteen, solver, system), folders);
  }

  @Test
  void linksToOneFolderAreSearchedOnce() throws IOException {
    Path real = folder("usr/local/cuda-13.0/lib64");
    Files.createSymbolicLink(root.resolve("usr/local/cuda"), root.resolve("usr/local/cuda-13.0"));
    assertEquals(List.of(real), LibrarySearch.of(Map.of(), root).folders());
  }

  @Test
  void variablesThatNameNothingDoNoHarm() {
    Map<String, String> broken =
        Map.of("CUDA_HOME", "", "CUDA_PATH", "/no/such", "PYTHONPATH", "::", "HOME", " ");
    assertEquals(List.of(), LibrarySearch.of(broken, root).folders());
  }

  @Test
  void aLibraryThatIsNowhereIsNotFound() {
    assertEquals(
        Optional.empty(), LibrarySearch.of(Map.of(), root).find("libmodalimmune-no-such.so.1"));
  }

  @Test
  void everyVersionsFaultIsNamed() {
    LibraryException e =
        assertThrows(
            LibraryException.class,
            () -> LibrarySet.choose(LibraryPreference.AUTO, 10, LibrarySearch.of(Map.of(), root)));
    for (String part : List.of("CUDA 13", "CUDA 12", "CUDA 11", "driver's CUDA 10", "CUDA_HOME")) {
      assertTrue(e.getMessage().contains(part), part + " is not in: " + e.getMessage());
    }
  }

  @Test
  void forcedMeansForced() {
    LibraryException e =
        assertThrows(
            LibraryException.class,
            () -> LibrarySet.choose(LibraryPreference.JCUDA, 11, LibrarySearch.of(Map.of(), root)));
    assertTrue(e.getMessage().contains("library=jcuda"), e.getMessage());
    assertTrue(e.getMessage().contains("library=panama"), e.getMessage());
  }

  private Path folder(String path) throws IOException {
    return Files.createDirectories(root.resolve(path));
  }
}
