package org.modalimmune.cuda.compile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Compiled kernels on disk, one file for each content hash. Several processes may share the folder:
 * a file appears whole, by an atomic move, or not at all. A file that was damaged later is seen by
 * its checksum and replaced.
 *
 * <p>File: 8 bytes {@code MIcubin1}, 8 bytes length of the code, 32 bytes SHA-256 of the code, the
 * code.
 */
public final class KernelCache {
  private static final long MAGIC = 0x4d4963_7562696e31L;
  private static final int HEADER_BYTES = 48;

  private final Optional<Path> folder;

  private KernelCache(Optional<Path> folder) {
    this.folder = folder;
  }

  /**
   * A cache in that folder, which is made if it does not exist.
   *
   * @throws IllegalArgumentException if it cannot be made or written to
   */
  public static KernelCache in(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "setting cache: the folder " + folder + " cannot be made: " + e, e);
    }
    if (!Files.isWritable(folder)) {
      throw new IllegalArgumentException(
          "setting cache: the folder " + folder + " cannot be written to; name another one");
    }
    return new KernelCache(Optional.of(folder));
  }

  /** A cache that keeps nothing. */
  public static KernelCache none() {
    return new KernelCache(Optional.empty());
  }

  /** Where the files are; empty if nothing is kept. */
  public Optional<Path> folder() {
    return folder;
  }

  /** The code kept under a key; empty if there is none or it is damaged. */
  public Optional<byte[]> find(String key) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    byte[] file;
    try {
      file = Files.readAllBytes(path(folder.get(), key));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("kernel cache: " + path(folder.get(), key), e);
    }
    return check(file);
  }

  /** Keeps code under a key. The content of a key is always the same, so the last writer wins. */
  public void keep(String key, byte[] code) {
    if (folder.isEmpty()) {
      return;
    }
    ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + code.length);
    file.putLong(MAGIC).putLong(code.length).put(ContentHash.sha256().digest(code)).put(code);
    try {
      Path whole = path(folder.get(), key);
      Path part = Files.createTempFile(folder.get(), key.substring(0, 16), ".part");
      try {
        Files.write(part, file.array());
        move(part, whole);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "kernel cache: " + folder.get() + " takes no more; free space, or name another by cache",
          e);
    }
  }

  private static void move(Path part, Path whole) throws IOException {
    try {
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      // A file seen half written fails its checksum, and its reader compiles anew.
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path path(Path folder, String key) {
    return folder.resolve(key + ".cubin");
  }

  private static Optional<byte[]> check(byte[] file) {
    if (file.length < HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.wrap(file, 0, HEADER_BYTES);
    if (header.getLong() != MAGIC || header.getLong() != file.length - HEADER_BYTES) {
      return Optional.empty();
    }
    byte[] expected = new byte[32];
    header.get(expected);
    byte[] code = Arrays.copyOfRange(file, HEADER_BYTES, file.length);
    return Arrays.equals(expected, ContentHash.sha256().digest(code))
        ? Optional.of(code)
        : Optional.empty();
  }
}
