package org.modalimmune.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.modalimmune.io.DataException;

/** A folder with one CSV file per modality and split, and one with labels per split. */
final class CsvSource implements SplitSource {
  private static final String LABELS = "labels";
  private static final String SUFFIX = ".csv";

  private final Path folder;
  private final DatasetOptions options;

  CsvSource(Path folder, DatasetOptions options) {
    this.folder = folder;
    this.options = options;
  }

  @Override
  public List<String> modalities(String split) throws IOException {
    String ending = SplitSource.fileName("", split) + SUFFIX;
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(ending) && name.length() > ending.length())
          .map(name -> name.substring(0, name.length() - ending.length()))
          .filter(name -> !name.equals(LABELS))
          .sorted()
          .toList();
    }
  }

  @Override
  public boolean hasLabels(String split) {
    return Files.exists(path(LABELS, split));
  }

  @Override
  public String place(String part, String split) {
    return path(part, split).toString();
  }

  private Path path(String part, String split) {
    return folder.resolve(SplitSource.fileName(part, split) + SUFFIX);
  }

  @Override
  public Optional<Features> features(String modality, String split) throws IOException {
    Path path = path(modality, split);
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (CsvTable table = CsvTable.open(path)) {
      return Optional.of(new CsvFeatures(table, options).read());
    }
  }

  @Override
  public Labels labels(String split, boolean needLabels, boolean needGroups) throws IOException {
    try (CsvTable table = CsvTable.open(path(LABELS, split))) {
      int label = find(table, "label", Optional.of(options.labelColumn()), needLabels);
      int group = find(table, "group", options.groupColumn(), needGroups);
      int id =
          find(table, "id", Optional.of(DistinctIds.name(options)), options.idColumn().isPresent());
      Column labels = new Column(needLabels ? label : -1, "label");
      Column groups = new Column(group, "group");
      Column ids = new Column(id, "id");
      while (table.next()) {
        labels.take(table);
        groups.take(table);
        ids.take(table);
      }
      ids.requireDistinct(table, options);
      return new Labels(table, table.rows(), labels.values(), groups.values(), ids.values());
    }
  }

  /** Index of a column; -1 if none is named, or it is missing and not needed. */
  private static int find(CsvTable table, String what, Optional<String> name, boolean needed) {
    int index = name.isPresent() ? table.columns().indexOf(name.get()) : -1;
    if (index < 0 && needed && name.isPresent()) {
      throw new DataException(
          table.name()
              + ": has no "
              + what
              + " column '"
              + name.get()
              + "'; name one of its columns "
              + table.columns());
    }
    return index;
  }

  /** Collects the texts of one column, none of which may be blank. */
  private static final class Column {
    private final int index;
    private final String what;
    private final List<String> texts = new ArrayList<>();

    Column(int index, String what) {
      this.index = index;
      this.what = what;
    }

    void take(CsvTable table) {
      if (index < 0) {
        return;
      }
      String text = table.record().text(index).strip();
      if (text.isEmpty()) {
        throw new DataException(
            table.name()
                + ", "
                + table.row(table.rows() - 1)
                + ", column '"
                + table.columns().get(index)
                + "': the "
                + what
                + " is missing; fill it in or remove the row from all files");
      }
      texts.add(text);
    }

    void requireDistinct(CsvTable table, DatasetOptions options) {
      if (index >= 0) {
        String column = ", column '" + table.columns().get(index) + "'";
        DistinctIds.require(options, table, column, texts);
      }
    }

    Optional<List<String>> values() {
      return index < 0 ? Optional.empty() : Optional.of(texts);
    }
  }
}
