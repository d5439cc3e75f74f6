package org.modalimmune.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.modalimmune.io.DataException;

/** A CSV file with a header, read record by record. */
final class CsvTable implements AutoCloseable, SplitSource.Origin {
  private final String file;
  private final InputStream in;
  private final CsvTokenizer tokenizer;
  private final List<String> columns;
  private long[] lines = new long[1024];
  private int rows;

  private CsvTable(String file, InputStream in) throws IOException {
    this.file = file;
    this.in = in;
    this.tokenizer = new CsvTokenizer(in, file);
    this.columns = header();
  }

  static CsvTable open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new DataException(path + ": is a folder; a CSV file is needed under this name");
    }
    InputStream in = Files.newInputStream(path);
    try {
      return new CsvTable(path.toString(), in);
    } catch (IOException | DataException e) {
      in.close();
      throw e;
    }
  }

  /** Column names; a line that another separator divides is refused before its rows look odd. */
  private List<String> header() throws IOException {
    if (!tokenizer.next()) {
      throw new DataException(
          file + ": the file is empty; a header line and one line per row are needed");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    if (tokenizer.fields() == 1) {
      requireCommas(tokenizer.text(0).strip());
    }
    for (int i = 0; i < tokenizer.fields(); i++) {
      String name = tokenizer.text(i).strip();
      if (name.isEmpty()) {
        throw new DataException(
            file + ", line 1: column " + (i + 1) + " has no name; name it in the header");
      }
      if (!seen.add(name)) {
        throw new DataException(
            file + ", line 1: the column name '" + name + "' occurs twice; rename one");
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  private void requireCommas(String header) {
    for (String other : List.of(";", "\t")) {
      if (header.contains(other)) {
        throw new DataException(
            file
                + ", line 1: one column named '"
                + header
                + "'; separate fields by commas instead of "
                + (other.equals(";") ? "semicolons" : "tabs")
                + ", and write decimals with a point");
      }
    }
  }

  List<String> columns() {
    return columns;
  }

  /** Moves to the next row; false at the end, which must not come before the first row. */
  boolean next() throws IOException {
    if (!tokenizer.next()) {
      if (rows == 0) {
        throw new DataException(
            file + ": holds a header and no rows; add one line per row, or remove the file");
      }
      return false;
    }
    if (rows == lines.length) {
      lines = Arrays.copyOf(lines, 2 * rows);
    }
    lines[rows++] = tokenizer.line();
    if (tokenizer.fields() != columns.size()) {
      throw new DataException(
          file
              + ", "
              + row(rows - 1)
              + ": "
              + tokenizer.fields()
              + (tokenizer.fields() == 1 ? " field" : " fields")
              + ", the header has "
              + columns.size()
              + (tokenizer.fields() == 1 && tokenizer.isBlank(0)
                  ? "; remove the blank line"
                  : "; give every row one field per column"));
    }
    return true;
  }

  /** Rows read so far. */
  int rows() {
    return rows;
  }

  CsvTokenizer record() {
    return tokenizer;
  }

  @Override
  public String name() {
    return file;
  }

  @Override
  public String row(int row) {
    return "row " + (row + 1) + " (line " + lines[row] + ")";
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
