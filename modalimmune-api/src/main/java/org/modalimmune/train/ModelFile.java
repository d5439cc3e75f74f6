package org.modalimmune.train;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.modalimmune.backend.Backend;
import org.modalimmune.data.Modality;
import org.modalimmune.data.ModalityStandardizer;
import org.modalimmune.data.Standardizer;
import org.modalimmune.io.DataException;
import org.modalimmune.io.SafetensorsEntry;
import org.modalimmune.io.SafetensorsFile;
import org.modalimmune.io.SafetensorsWriter;
import org.modalimmune.io.StoredType;
import org.modalimmune.nn.Parameter;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/**
 * A trained network as one safetensors file.
 *
 * <ul>
 *   <li>Every parameter under its name, such as {@code encoder.text.0.weight}, as F32 or F64.
 *   <li>Per modality {@code standardizer.<modality>.columns} (I64, the kept columns), {@code .mean}
 *       and {@code .std} (F64).
 *   <li>Metadata {@code format} = {@value #FORMAT}, {@code formatVersion}, {@code producer}, and as
 *       JSON {@code data} (modalities with all columns, classes), {@code model} (sizes) and {@code
 *       training} (method, seed, curve, learned settings).
 * </ul>
 *
 * Loading refuses a file in which any name, shape, type or value differs from what the metadata
 * call for.
 */
public final class ModelFile {
  /** What the metadata entry {@code format} says. */
  public static final String FORMAT = "modalimmune-model";

  /** Version of the layout; a file of another version is refused. */
  public static final int VERSION = 1;

  private static final String STANDARDIZER = "standardizer.";

  private ModelFile() {}

  /**
   * Writes a network: complete or not at all.
   *
   * @param file the file to create or replace
   * @param network a trained network
   * @throws DataException if the file cannot be written
   * @throws IOException if writing fails; the file is then untouched
   */
  public static void save(Path file, TrainedNetwork network) throws IOException {
    save(file, network, "modalimmune-api");
  }

  /**
   * Writes a network: complete or not at all.
   *
   * @param file the file to create or replace
   * @param network a trained network
   * @param producer program and version that writes it, for people who look into the file
   * @throws DataException if the file cannot be written
   * @throws IOException if writing fails; the file is then untouched
   */
  public static void save(Path file, TrainedNetwork network, String producer) throws IOException {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("format", FORMAT)
            .metadata("formatVersion", Integer.toString(VERSION))
            .metadata("producer", producer);
    ModelMetadata.of(network).strings().forEach(writer::metadata);
    // F64 and I64 first keep every tensor aligned to its element size.
    for (ModalityStandardizer s : network.standardizer().modalities()) {
      String name = STANDARDIZER + s.input().name();
      long[] kept = Arrays.stream(s.keptColumns()).asLongStream().toArray();
      List<Long> shape = List.of((long) kept.length);
      writer.add(name + ".columns", shape, kept);
      writer.add(name + ".mean", shape, s.mean());
      writer.add(name + ".std", shape, s.std());
    }
    for (Parameter p : network.model().parameters()) {
      List<Long> shape = sizes(p.value().shape());
      if (p.value().dtype() == DType.FLOAT64) {
        writer.add(p.name(), shape, p.value().toDoubleArray());
      } else {
        writer.add(p.name(), shape, p.value().toFloatArray());
      }
    }
    writer.write(file);
  }

  /**
   * Reads a network.
   *
   * @param file a file that {@link #save} wrote
   * @param backend where the parameters will live
   * @return the network; close it before the backend
   * @throws DataException if the file cannot be read, is truncated or damaged, was not written by
   *     {@link #save}, or is of another version
   */
  public static TrainedNetwork load(Path file, Backend backend) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      requireFormat(file, stored);
      ModelMetadata metadata = ModelMetadata.parse(file.toString(), stored.metadata());
      Standardizer standardizer = standardizer(file, stored, metadata);
      requireSizes(file, stored, standardizer.output(), metadata);
      Scope kept = backend.newScope();
      boolean done = false;
      try {
        MultimodalModel model =
            new MultimodalModel(
                backend.ops(kept),
                standardizer.output(),
                metadata.schema().classNames().size(),
                metadata.options(),
                RandomKey.of(0));
        fill(file, stored, model);
        done = true;
        return new TrainedNetwork(
            backend,
            kept,
            model,
            standardizer,
            metadata.schema(),
            metadata.method(),
            metadata.seed(),
            metadata.curve(),
            metadata.settings(),
            metadata.seconds(),
            metadata.stepsPerSecond());
      } finally {
        if (!done) {
          kept.close();
        }
      }
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file; name a model file", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireFormat(Path file, SafetensorsFile stored) {
    String format = stored.metadata().get("format");
    if (!FORMAT.equals(format)) {
      throw new DataException(
          file
              + ": a safetensors file, but not a model of this program (its format is "
              + (format == null ? "not stated" : "'" + format + "'")
              + ", not '"
              + FORMAT
              + "'); name a file that training wrote");
    }
    String version = String.valueOf(stored.metadata().get("formatVersion"));
    if (!version.equals(Integer.toString(VERSION))) {
      throw new DataException(
          file
              + ": a model file of version "
              + version
              + ", this program reads version "
              + VERSION
              + "; use the program that wrote it, or train again");
    }
  }

  private static Standardizer standardizer(
      Path file, SafetensorsFile stored, ModelMetadata metadata) throws IOException {
    List<ModalityStandardizer> modalities = new ArrayList<>();
    for (Modality m : metadata.schema().modalities()) {
      String name = STANDARDIZER + m.name();
      SafetensorsEntry columns = vector(file, stored, name + ".columns", StoredType.I64);
      vector(file, stored, name + ".mean", StoredType.F64);
      vector(file, stored, name + ".std", StoredType.F64);
      if (columns.elements() > m.columns()) {
        throw new DataException(
            file
                + ": tensor '"
                + columns.name()
                + "' has "
                + columns.elements()
                + " entries, the modality has "
                + m.columns()
                + " columns; the model file is damaged, train it again");
      }
      int[] kept =
          Arrays.stream(stored.readLongs(columns.name()))
              .mapToInt(c -> Math.clamp(c, -1, Integer.MAX_VALUE))
              .toArray();
      try {
        modalities.add(
            ModalityStandardizer.of(
                m, kept, stored.readDoubles(name + ".mean"), stored.readDoubles(name + ".std")));
      } catch (DataException e) {
        throw new DataException(file + ": " + e.getMessage(), e);
      }
    }
    return new Standardizer(modalities);
  }

  private static SafetensorsEntry vector(
      Path file, SafetensorsFile stored, String name, StoredType type) {
    SafetensorsEntry entry = require(file, stored, name);
    if (entry.type() != type || entry.shape().size() != 1) {
      throw differs(file, entry, type + " with one axis");
    }
    return entry;
  }

  /** The metadata's sizes must need as much as the file holds, before memory is taken for them. */
  private static void requireSizes(
      Path file, SafetensorsFile stored, List<Modality> inputs, ModelMetadata metadata) {
    long held =
        stored.entries().values().stream()
            .filter(e -> !e.name().startsWith(STANDARDIZER))
            .mapToLong(SafetensorsEntry::elements)
            .sum();
    long needed;
    try {
      needed =
          MultimodalModel.parameterCount(
              inputs, metadata.schema().classNames().size(), metadata.options());
    } catch (ArithmeticException e) {
      throw new DataException(file + ": its metadata ask for impossible sizes", e);
    }
    if (held != needed) {
      throw new DataException(
          file
              + ": holds "
              + held
              + " parameters, its metadata ask for "
              + needed
              + "; the model file is damaged, train it again");
    }
  }

  private static void fill(Path file, SafetensorsFile stored, MultimodalModel model)
      throws IOException {
    Set<String> unknown = new LinkedHashSet<>(stored.entries().keySet());
    unknown.removeIf(name -> name.startsWith(STANDARDIZER));
    for (Parameter p : model.parameters()) {
      unknown.remove(p.name());
      SafetensorsEntry entry = require(file, stored, p.name());
      StoredType type = p.value().dtype() == DType.FLOAT64 ? StoredType.F64 : StoredType.F32;
      if (entry.type() != type || !entry.shape().equals(sizes(p.value().shape()))) {
        throw differs(file, entry, type + " " + p.value().shape());
      }
      double[] values = stored.readDoubles(p.name());
      for (int i = 0; i < values.length; i++) {
        if (!Double.isFinite(values[i])) {
          throw new DataException(
              file
                  + ": tensor '"
                  + p.name()
                  + "' holds "
                  + values[i]
                  + " at place "
                  + i
                  + "; the model file is damaged, train it again");
        }
      }
      p.value().set(values);
    }
    if (!unknown.isEmpty()) {
      throw new DataException(
          file + ": holds tensors that no such model has: " + unknown + "; train it again");
    }
  }

  private static SafetensorsEntry require(Path file, SafetensorsFile stored, String name) {
    return stored
        .entry(name)
        .orElseThrow(
            () ->
                new DataException(
                    file
                        + ": has no tensor '"
                        + name
                        + "'; the model file is damaged, train it again"));
  }

  private static DataException differs(Path file, SafetensorsEntry entry, String wanted) {
    return new DataException(
        file
            + ": tensor '"
            + entry.name()
            + "' is "
            + entry.type()
            + " "
            + entry.shape()
            + ", the metadata call for "
            + wanted
            + "; the model file is damaged, train it again");
  }

  private static List<Long> sizes(Shape shape) {
    return Arrays.stream(shape.dims()).boxed().toList();
  }
}
