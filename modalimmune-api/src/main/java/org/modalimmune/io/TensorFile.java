package org.modalimmune.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Saves named tensors, a model's parameters say, with metadata as one safetensors file, and loads
 * them into tensors that exist: all of them or none.
 */
public final class TensorFile {
  /** How many names one message lists. */
  private static final int LISTED = 5;

  private TensorFile() {}

  /**
   * Writes all tensors, in the map's order, to a temporary file that is then moved into place.
   *
   * @param metadata strings by key, such as the model's configuration
   * @throws DataException if a value is NaN or infinite, naming the tensor, or the target cannot be
   *     written; the target is then untouched
   * @throws IOException if writing fails; the target is then untouched
   */
  public static void save(Path target, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    metadata.forEach(writer::metadata);
    tensors.forEach(
        (name, tensor) -> {
          List<Long> shape = shape(tensor);
          if (tensor.dtype() == DType.FLOAT32) {
            float[] values = tensor.toFloatArray();
            for (int i = 0; i < values.length; i++) {
              requireFinite("cannot write '" + target + "'", name, i, values[i]);
            }
            writer.add(name, shape, values);
          } else {
            double[] values = tensor.toDoubleArray();
            for (int i = 0; i < values.length; i++) {
              requireFinite("cannot write '" + target + "'", name, i, values[i]);
            }
            writer.add(name, shape, values);
          }
        });
    writer.write(target);
  }

  /**
   * Fills all tensors from a file that has exactly these names, with these shapes and element
   * types. Everything is checked and read before the first tensor is changed.
   *
   * @return the file's metadata
   * @throws IllegalArgumentException if a tensor is a strided view
   * @throws DataException if the file is damaged, has a value that is NaN or infinite, or differs;
   *     the message names what is missing, unexpected or of another shape or type
   * @throws IOException if reading fails
   */
  public static Map<String, String> load(Path source, Map<String, Tensor> tensors)
      throws IOException {
    tensors.forEach(TensorFile::requireWritable);
    try (SafetensorsFile file = SafetensorsFile.open(source)) {
      List<String> differences = differences(file, tensors);
      if (!differences.isEmpty()) {
        throw new DataException(
            source
                + ": does not fit: "
                + String.join("; ", differences)
                + "; was it written for another configuration?");
      }
      List<double[]> values = new ArrayList<>();
      for (String name : tensors.keySet()) {
        double[] read = file.readDoubles(name);
        for (int i = 0; i < read.length; i++) {
          requireFinite(source + ": not usable", name, i, read[i]);
        }
        values.add(read);
      }
      int next = 0;
      for (Tensor tensor : tensors.values()) {
        // a float32 value survives the way through double unchanged
        tensor.set(values.get(next++));
      }
      return file.metadata();
    }
  }

  /**
   * The metadata alone, to build a model from before its parameters are loaded.
   *
   * @throws DataException if the file is damaged
   * @throws IOException if reading fails
   */
  public static Map<String, String> metadata(Path source) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(source)) {
      return file.metadata();
    }
  }

  private static List<String> differences(SafetensorsFile file, Map<String, Tensor> tensors) {
    List<String> missing = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> {
          Optional<SafetensorsEntry> entry = file.entry(name);
          if (entry.isEmpty()) {
            missing.add(name);
          } else if (!fits(entry.get(), tensor)) {
            wrong.add(
                name
                    + " is "
                    + entry.get().type()
                    + entry.get().shape()
                    + ", needed "
                    + type(tensor)
                    + shape(tensor));
          }
        });
    List<String> unexpected =
        file.entries().keySet().stream().filter(name -> !tensors.containsKey(name)).toList();
    List<String> all = new ArrayList<>();
    describe("missing", missing, all);
    describe("unexpected", unexpected, all);
    describe("different", wrong, all);
    return all;
  }

  private static void describe(String kind, List<String> found, List<String> all) {
    if (!found.isEmpty()) {
      String more = found.size() > LISTED ? " and " + (found.size() - LISTED) + " more" : "";
      all.add(
          kind + ": " + String.join(", ", found.subList(0, Math.min(LISTED, found.size()))) + more);
    }
  }

  private static boolean fits(SafetensorsEntry entry, Tensor tensor) {
    return entry.type() == type(tensor) && entry.shape().equals(shape(tensor));
  }

  private static StoredType type(Tensor tensor) {
    return tensor.dtype() == DType.FLOAT32 ? StoredType.F32 : StoredType.F64;
  }

  private static List<Long> shape(Tensor tensor) {
    return LongStream.of(tensor.shape().dims()).boxed().toList();
  }

  private static void requireWritable(String name, Tensor tensor) {
    tensor.storage();
    if (!tensor.isContiguous()) {
      throw new IllegalArgumentException(
          "load: tensor '" + name + "' is a strided view " + tensor.shape() + "; load a copy");
    }
  }

  private static void requireFinite(String place, String name, int index, double value) {
    if (!Double.isFinite(value)) {
      throw new DataException(
          place
              + ": tensor '"
              + name
              + "' has "
              + value
              + " at element "
              + index
              + "; the training run that made it has diverged");
    }
  }
}
