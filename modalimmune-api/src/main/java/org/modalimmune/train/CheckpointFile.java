package org.modalimmune.train;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.io.DataException;
import org.modalimmune.io.SafetensorsEntry;
import org.modalimmune.io.SafetensorsFile;
import org.modalimmune.io.SafetensorsWriter;
import org.modalimmune.io.StoredType;

/**
 * A checkpoint as one safetensors file.
 *
 * <ul>
 *   <li>{@code state.<name>}: F64 with one axis.
 *   <li>{@code tensor.<name>}: F32 or F64.
 *   <li>Metadata {@code format} = {@value #FORMAT}, {@code formatVersion}, {@code sha256} of all
 *       else, and {@code run.<name>}, the texts of the run's identity.
 * </ul>
 */
final class CheckpointFile {
  static final String FORMAT = "modalimmune-checkpoint";

  /**
   * Version of the layout, and of what a run does: raised whenever a run that is continued by the
   * changed program would differ from one that the program before had finished.
   */
  static final int VERSION = 1;

  private static final String RUN = "run.";
  private static final String STATE = "state.";
  private static final String TENSOR = "tensor.";
  private static final String DIGEST = "sha256";

  private static final String ADVICE = "; use another copy of it, or begin anew";

  private CheckpointFile() {}

  /**
   * Writes a checkpoint: complete or not at all.
   *
   * @throws DataException if the file cannot be written there
   * @throws IOException if writing fails; the file is then as it was
   */
  static void write(Path file, CheckpointContent content) throws IOException {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("format", FORMAT)
            .metadata("formatVersion", Integer.toString(VERSION))
            .metadata(DIGEST, content.fingerprint());
    content.identity().texts().forEach((name, text) -> writer.metadata(RUN + name, text));
    // F64 first keeps every tensor aligned to its element size.
    content
        .state()
        .arrays()
        .forEach((name, values) -> writer.add(STATE + name, List.of((long) values.length), values));
    content
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == StoredType.F64) {
                writer.add(TENSOR + name, tensor.shape(), tensor.values());
              } else {
                writer.add(TENSOR + name, tensor.shape(), floats(tensor.values()));
              }
            });
    writer.write(file);
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /**
   * Reads a checkpoint. The sizes that the header states are checked against the file's own before
   * memory is taken.
   *
   * @throws DataException if the file cannot be read, is truncated or damaged, is no checkpoint, or
   *     is of another version
   */
  static CheckpointContent read(Path file) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      requireFormat(file, stored.metadata());
      CheckpointContent content = content(file, stored);
      if (!content.fingerprint().equals(stored.metadata().get(DIGEST))) {
        throw damaged(file, "its content does not have the SHA-256 that it states");
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new DataException(
          file + ": no such file; name a checkpoint, or begin anew without one", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireFormat(Path file, Map<String, String> metadata) {
    String format = metadata.get("format");
    if (!FORMAT.equals(format)) {
      throw new DataException(
          file
              + ": a safetensors file, but not a checkpoint of this program (its format is "
              + (format == null ? "not stated" : "'" + format + "'")
              + ", not '"
              + FORMAT
              + "'); name a file that an unfinished training run wrote");
    }
    String version = String.valueOf(metadata.get("formatVersion"));
    if (!version.equals(Integer.toString(VERSION))) {
      throw new DataException(
          file
              + ": a checkpoint of version "
              + version
              + ", this program continues version "
              + VERSION
              + "; finish the run with the program that began it, or begin anew");
    }
  }

  private static CheckpointContent content(Path file, SafetensorsFile stored) throws IOException {
    SortedMap<String, String> run = new TreeMap<>();
    stored
        .metadata()
        .forEach(
            (key, text) -> {
              if (key.startsWith(RUN)) {
                run.put(key.substring(RUN.length()), text);
              } else if (!List.of("format", "formatVersion", DIGEST).contains(key)) {
                throw damaged(file, "unknown metadata '" + key + "'");
              }
            });
    SortedMap<String, CheckpointContent.Values> tensors = new TreeMap<>();
    SortedMap<String, double[]> state = new TreeMap<>();
    for (SafetensorsEntry entry : stored.entries().values()) {
      String name = entry.name();
      if (name.startsWith(STATE) && entry.type() == StoredType.F64 && entry.shape().size() == 1) {
        state.put(name.substring(STATE.length()), stored.readDoubles(name));
      } else if (name.startsWith(TENSOR)
          && (entry.type() == StoredType.F32 || entry.type() == StoredType.F64)) {
        tensors.put(
            name.substring(TENSOR.length()),
            new CheckpointContent.Values(entry.type(), entry.shape(), stored.readDoubles(name)));
      } else {
        throw damaged(file, "'" + name + "' is " + entry.type() + " " + entry.shape());
      }
    }
    try {
      return new CheckpointContent(new RunIdentity(run), tensors, TrainingState.of(state));
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": a damaged checkpoint: " + e.getMessage() + ADVICE, e);
    }
  }

  private static DataException damaged(Path file, String what) {
    return new DataException(file + ": a damaged checkpoint: " + what + ADVICE);
  }
}
