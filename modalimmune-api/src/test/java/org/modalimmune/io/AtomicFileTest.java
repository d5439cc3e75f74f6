package org.modalimmune.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writesAndReplaces() throws IOException {
    Path target = folder.resolve("a.txt");
    AtomicFile.writeString(target, "one");
    AtomicFile.writeString(target, "zwölf");
    assertEquals("zwölf", Files.readString(target));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void aFailureLeavesTheOldFileAndNoTemporaryOne() throws IOException {
    Path target = folder.resolve("a.txt");
    AtomicFile.writeString(target, "old");
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                target,
                out -> {
                  out.write(new byte[100_000]);
                  throw new IllegalStateException("broken content");
                }));
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("a.txt"), names());
  }

  @Test
  void aPlaceThatCannotBeWrittenIsRefusedBeforeTheContentRuns() throws IOException {
    Files.writeString(folder.resolve("file"), "x");
    for (Path target : List.of(folder.resolve("none/a"), folder.resolve("file/a"), folder)) {
      DataException e =
          assertThrows(
              DataException.class,
              () ->
                  AtomicFile.write(
                      target,
                      out -> {
                        throw new AssertionError("content ran");
                      }));
      assertTrue(String.valueOf(e.getMessage()).startsWith("cannot write '" + target + "'"));
    }
    assertEquals(List.of("file"), names());
  }
}
