package org.modalimmune.cuda.compile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache on disk, shared and damaged. */
class KernelCacheTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;

  @Test
  void whatIsKeptIsFound() {
    KernelCache cache = KernelCache.in(folder.resolve("made/when/needed"));
    assertEquals(Optional.empty(), cache.find(KEY));
    byte[] code = code(1000, 1);
    cache.keep(KEY, code);
    assertArrayEquals(code, cache.find(KEY).orElseThrow());
    assertArrayEquals(code, KernelCache.in(folder.resolve("made/when/needed")).find(KEY).get());
  }

  @Test
  void nothingIsKeptWithoutAFolder() {
    KernelCache.none().keep(KEY, code(10, 1));
    assertEquals(Optional.empty(), KernelCache.none().find(KEY));
  }

  @Test
  void aFolderThatIsAFileIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> KernelCache.in(file));
    assertTrue(e.getMessage().contains("setting cache"), e.getMessage());
  }

  @Property(tries = 60)
  void aDamagedFileIsAsGoodAsNone(
      @ForAll @IntRange(max = 300) int at, @ForAll @IntRange(min = 1, max = 255) int flip)
      throws IOException {
    Path place = Files.createTempDirectory("cache");
    try {
      KernelCache cache = KernelCache.in(place);
      byte[] code = code(200, 2);
      cache.keep(KEY, code);
      Path file = onlyFile(place);
      byte[] bytes = Files.readAllBytes(file);
      if (at < bytes.length) {
        bytes[at] ^= (byte) flip;
        Files.write(file, bytes);
      } else {
        Files.write(file, Arrays.copyOf(bytes, flip % bytes.length));
      }
      assertEquals(Optional.empty(), cache.find(KEY));
      cache.keep(KEY, code);
      assertArrayEquals(code, cache.find(KEY).orElseThrow());
    } finally {
      try (Stream<Path> all = Files.list(place)) {
        for (Path file : all.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(place);
    }
  }

  @Test
  void processesShareAFolder() throws IOException, InterruptedException {
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      children.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Worker.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .start());
    }
    for (Process child : children) {
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, child.waitFor(), said);
    }
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(Worker.KEYS, all.count(), "a part was left behind");
    }
  }

  /** Keeps and finds the same keys as its siblings at the same time. */
  static final class Worker {
    static final int KEYS = 8;

    private Worker() {}

    public static void main(String[] arguments) {
      KernelCache cache = KernelCache.in(Path.of(arguments[0]));
      for (int round = 0; round < 300; round++) {
        int number = round % KEYS;
        byte[] expected = code(20_000, number);
        String key = KEY + number;
        // Whoever finds nothing writes; a half of anything would be found as nothing once it is
        // there.
        boolean there = cache.find(key).isPresent();
        cache.keep(key, expected);
        Optional<byte[]> found = cache.find(key);
        if (found.isEmpty() || !Arrays.equals(found.get(), expected)) {
          System.out.println("round " + round + ": " + there + ", then " + found);
          System.exit(1);
        }
      }
    }
  }

  private static Path onlyFile(Path place) throws IOException {
    try (Stream<Path> all = Files.list(place)) {
      return all.findFirst().orElseThrow();
    }
  }

  private static byte[] code(int length, int seed) {
    byte[] code = new byte[length];
    new Random(seed).nextBytes(code);
    return code;
  }
}
