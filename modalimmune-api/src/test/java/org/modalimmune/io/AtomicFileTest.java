package org.modalimmune.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
  void severalTextsAreWrittenTogetherOrNotAtAll() throws IOException {
    Path first = folder.resolve("a.txt");
    Path second = folder.resolve("b.txt");
    AtomicFile.writeStrings(Map.of(first, "one", second, "two"));
    assertEquals("one", Files.readString(first));
    assertEquals("two", Files.readString(second));
    Path full = folder.resolve("none").resolve("c.txt");
    assertThrows(
        DataException.class, () -> AtomicFile.writeStrings(Map.of(first, "new", full, "three")));
    assertEquals("one", Files.readString(first));
    assertEquals(List.of("a.txt", "b.txt"), names());
  }

  @Test
  void aFailureOfTheSystemNamesTheTarget() throws IOException {
    Path target = folder.resolve("a.txt");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      throw new IOException("No space left on device");
                    }));
    assertEquals("cannot write '" + target + "': No space left on device", e.getMessage());
    assertEquals(List.of(), names());
  }

  /** The files of this one seem writable, but no file can be made there. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileSystemThatTakesNoFilesIsRefused() {
    Path target = Path.of("/proc/a.txt");
    DataException e = assertThrows(DataException.class, () -> AtomicFile.requireWritable(target));
    assertTrue(String.valueOf(e.getMessage()).startsWith("cannot write '" + target + "'"));
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
