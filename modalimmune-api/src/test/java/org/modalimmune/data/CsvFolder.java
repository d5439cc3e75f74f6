package org.modalimmune.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds small data folders; starts with a good one of two modalities and eight rows a split. */
final class CsvFolder {
  private final Path path;

  private CsvFolder(Path path) {
    this.path = path;
  }

  static CsvFolder good(Path path) {
    CsvFolder folder = new CsvFolder(path);
    for (String split : List.of("train", "test")) {
      StringBuilder a = new StringBuilder("a_0,a_1\n");
      StringBuilder b = new StringBuilder("b_0\n");
      StringBuilder labels = new StringBuilder("id,video,label\n");
      for (int row = 0; row < 8; row++) {
        a.append(row).append(',').append(row * row % 5).append('\n');
        b.append(0.5 * row).append('\n');
        labels.append("r" + row + ",v" + row / 2 + "," + (row % 2 == 0 ? "no" : "yes") + "\n");
      }
      folder.write("a_" + split, a.toString());
      folder.write("b_" + split, b.toString());
      folder.write("labels_" + split, labels.toString());
    }
    return folder;
  }

  Path path() {
    return path;
  }

  String file(String name) {
    return path.resolve(name + ".csv").toString();
  }

  CsvFolder write(String name, String text) {
    return write(name, text, StandardCharsets.UTF_8);
  }

  CsvFolder folder(String name) {
    try {
      Files.createDirectory(path.resolve(name + ".csv"));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CsvFolder write(String name, String text, Charset charset) {
    try {
      Files.writeString(path.resolve(name + ".csv"), text, charset);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CsvFolder delete(String name) {
    try {
      Files.delete(path.resolve(name + ".csv"));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces one line, counted from 1 as in messages. */
  CsvFolder line(String name, int number, String text) {
    try {
      List<String> lines =
          new java.util.ArrayList<>(Files.readAllLines(path.resolve(name + ".csv")));
      lines.set(number - 1, text);
      return write(name, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CsvFolder append(String name, String text) {
    try {
      return write(name, Files.readString(path.resolve(name + ".csv")) + text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
