package org.modalimmune.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
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
   * Checks that a file can be written at the target, by making an empty one beside it and taking it
   * away again. Call it before long work whose result goes there.
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
    requireNewFiles(folder, target);
  }

  /**
   * Checks that new files can be made in a folder, by making an empty one and taking it away again;
   * permissions alone do not tell of read-only and virtual file systems.
   *
   * @param folder an existing folder
   * @param output what is to be written later, for the message
   * @throws DataException if no file can be made there
   */
  public static void requireNewFiles(Path folder, Path output) {
    try {
      Files.delete(Files.createTempFile(folder, ".", ".tmp"));
    } catch (IOException e) {
      throw new DataException(
          "cannot write '"
              + output
              + "': no file can be made in the folder '"
              + folder
              + "' ("
              + reason(e)
              + "); choose another place",
          e);
    }
  }

  /** What the system says, without the path that it repeats. */
  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return String.valueOf(
        e instanceof NoSuchFileException ? "not supported there" : e.getMessage());
  }

  /**
   * Writes a file.
   *
   * @param target the file to create or replace
   * @param content writes the bytes
   * @throws DataException if the target cannot be written; checked before anything is touched
   * @throws IOException if writing, forcing or moving fails; names the target and the reason
   */
  public static void write(Path target, Content content) throws IOException {
    writeAll(Map.of(target, content));
  }

  /**
   * Writes text as UTF-8.
   *
   * @param target the file to create or replace
   * @param text the whole content
   * @throws DataException if the target cannot be written; checked before anything is touched
   * @throws IOException if writing, forcing or moving fails; names the target and the reason
   */
  public static void writeString(Path target, String text) throws IOException {
    write(target, utf8(text));
  }

  /**
   * Writes several texts as UTF-8; all of them are on the device before the first one is moved into
   * its place, so that a full disk leaves all targets as they were.
   *
   * @param texts the whole content of each file to create or replace
   * @throws DataException if a target cannot be written; checked before anything is touched
   * @throws IOException if writing, forcing or moving fails; names the target and the reason
   */
  public static void writeStrings(Map<Path, String> texts) throws IOException {
    Map<Path, Content> contents = new LinkedHashMap<>();
    texts.forEach((target, text) -> contents.put(target, utf8(text)));
    writeAll(contents);
  }

  private static Content utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return out -> out.write(bytes);
  }

  private static void writeAll(Map<Path, Content> contents) throws IOException {
    contents.keySet().forEach(AtomicFile::requireWritable);
    Map<Path, Path> temporaries = new LinkedHashMap<>();
    try {
      for (Map.Entry<Path, Content> entry : contents.entrySet()) {
        Path target = entry.getKey();
        Path temporary =
            folderOf(target).resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        temporaries.put(target, temporary);
        explained(target, () -> writeNew(temporary, entry.getValue()));
      }
      for (Map.Entry<Path, Path> entry : temporaries.entrySet()) {
        explained(entry.getKey(), () -> move(entry.getValue(), entry.getKey()));
      }
    } finally {
      for (Path temporary : temporaries.values()) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  private static void writeNew(Path file, Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  /**
   * Adds the target to a failure: the system's own message may be of the temporary file or none.
   */
  private static void explained(Path target, Writing writing) throws IOException {
    try {
      writing.run();
    } catch (IOException e) {
      throw new IOException("cannot write '" + target + "': " + reason(e), e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the file system cannot replace a file in one step", e);
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
