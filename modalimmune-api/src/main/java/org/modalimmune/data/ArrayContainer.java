package org.modalimmune.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.modalimmune.io.DataException;
import org.modalimmune.io.NpyArray;
import org.modalimmune.io.NpzFile;
import org.modalimmune.io.SafetensorsFile;

/** A file of named arrays, whatever its format. */
interface ArrayContainer extends AutoCloseable {
  Set<String> names();

  List<Long> shape(String name) throws IOException;

  double[] doubles(String name) throws IOException;

  List<String> strings(String name) throws IOException;

  @Override
  void close() throws IOException;

  /** Arrays of an NPZ file. */
  static ArrayContainer npz(Path path) throws IOException {
    NpzFile file = NpzFile.open(path);
    return new ArrayContainer() {
      @Override
      public Set<String> names() {
        return file.names();
      }

      @Override
      public List<Long> shape(String name) throws IOException {
        return file.read(name).shape();
      }

      @Override
      public double[] doubles(String name) throws IOException {
        NpyArray array = file.read(name);
        return named(path, name, array::toDoubles);
      }

      @Override
      public List<String> strings(String name) throws IOException {
        NpyArray array = file.read(name);
        return named(path, name, array::toStrings);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  /** Tensors of a safetensors file; text does not exist there, so labels are integers. */
  static ArrayContainer safetensors(Path path) throws IOException {
    SafetensorsFile file = SafetensorsFile.open(path);
    return new ArrayContainer() {
      @Override
      public Set<String> names() {
        return file.entries().keySet();
      }

      @Override
      public List<Long> shape(String name) {
        return file.entry(name)
            .orElseThrow(() -> new DataException(path + ": has no array '" + name + "'"))
            .shape();
      }

      @Override
      public double[] doubles(String name) throws IOException {
        return file.readDoubles(name);
      }

      @Override
      public List<String> strings(String name) throws IOException {
        return Arrays.stream(file.readLongs(name)).mapToObj(Long::toString).toList();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  private static <T> T named(Path path, String name, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (DataException e) {
      throw new DataException(path + ", array '" + name + "': " + e.getMessage(), e);
    }
  }
}
