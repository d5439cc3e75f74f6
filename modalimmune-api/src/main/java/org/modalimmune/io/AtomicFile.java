package org.modalimmune.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file that is either complete or not there.
 *
 * <p>The bytes go to a new file beside the target, are forced to the device, and the new file is
 * then moved over the target in one step. If anything fails, the target is as it was and no
 * temporary file is left.
 */
public final class AtomicFile {

  /** The code that produces the bytes of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all bytes; need not flush or close.
     *
     * @param out where to write
     * @throws IOException if writing fails; the target is then left as it was
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Checks, without writing anything, that a file could be written at the target. Call it before
   * long work whose result goes there.
   *
   * @param target the file to be written later
   * @throws DataException if the folder is missing or cannot be written, or the target is a folder
   */
  public static void requireWritable(Path target) {
    if (Files.isDirectory(target)) {
      throw new DataException(
          "cannot write '" + target + "': it is a folder; give a file name inside it");
    }
    Path folder = folderOf(target);
    if (!Files.exists(folder)) {
      throw new DataException(
          "cannot write '"
              + target
              + "': the folder '"
              + folder
              + "' does not exist; create it or choose another place");
    }
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "cannot write '" + target + "': '" + folder + "' is not a folder; choose another place");
    }
    if (!Files.isWritable(folder)) {
      throw new DataException(
          "cannot write '"
              + target
              + "': no permission to write in the folder '"
              + folder
              + "'; choose another place");
    }
  }

  /**
   * Writes a file.
   *
   * @param target the file to create or replace
   * @param content writes the bytes
   * @throws DataException if the target cannot be written; checked before anything is touched
   * @throws IOException if writing, forcing or moving fails
   */
  public static void write(Path target, Content content) throws IOException {
    requireWritable(target);
    Path temporary =
        folderOf(target).resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    boolean moved = false;
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      move(temporary, target);
      moved = true;
    } finally {
      if (!moved) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /**
   * Writes text as UTF-8.
   *
   * @param target the file to create or replace
   * @param text the whole content
   * @throws DataException if the target cannot be written; checked before anything is touched
   * @throws IOException if writing, forcing or moving fails
   */
  public static void writeString(Path target, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(target, out -> out.write(bytes));
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          "cannot write '" + to + "': the file system cannot replace a file in one step", e);
    }
  }

  private static Path folderOf(Path target) {
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null) {
      throw new DataException("cannot write '" + target + "': it is a file-system root");
    }
    return parent;
  }
}
