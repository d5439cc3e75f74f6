package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modalimmune.io.DataException;

/** Every message is one line: the file, the row and column, what came, what to do. */
class BadInputTest {
  @TempDir private Path path;
  private CsvFolder folder;

  @BeforeEach
  void createFolder() {
    folder = CsvFolder.good(path);
  }

  private void refused(String expected, Consumer<CsvFolder> damage, DatasetOptions options) {
    damage.accept(folder);
    DataException e =
        assertThrows(DataException.class, () -> DatasetReader.open(path, options).readDataset());
    String message = String.valueOf(e.getMessage());
    assertEquals(expected, message.replace(path.toString() + "/", ""));
    assertFalse(message.contains("\n"));
  }

  private void refused(String expected, Consumer<CsvFolder> damage) {
    refused(expected, damage, DatasetOptions.defaults());
  }

  @Test
  void aRowTooFew() {
    refused(
        "b_train.csv has 9 rows, labels_train.csv has 8; each needs one row per sample, in the same"
            + " order",
        f -> f.append("b_train", "3\n"));
  }

  @Test
  void idsThatDiffer() {
    refused(
        "a_train.csv, row 2 (line 3): the id is 'r9', labels_train.csv has 'r1' in this row; bring"
            + " the files into the same order",
        f -> f.write("a_train", "id,a_0\nr0,1\nr9,2\nr2,3\nr3,4\nr4,5\nr5,6\nr6,7\nr7,8\n"));
  }

  @Test
  void anIdThatNamesTwoRows() {
    String fix =
        " already names row 2 (line 3); give each row its own, or name another id column, or rename"
            + " this one if it groups rows";
    refused(
        "labels_train.csv, row 4 (line 5), column 'id': the id 'r1'" + fix,
        f -> f.line("labels_train", 5, " r1 ,v1,yes"));
    folder.line("labels_train", 5, "r3,v1,yes");
    refused(
        "a_test.csv, row 3 (line 4), column 'id': the id 's'" + fix,
        f ->
            f.write("labels_test", "label\n" + "no\nyes\n".repeat(4))
                .write("a_test", "id,a_0,a_1\nr,1,1\ns,2,2\ns,3,1\n" + ",,\n".repeat(5)));
    refused(
        "labels_train.csv, row 2 (line 3), column 'video': the id 'v0'"
            + fix.replace("row 2 (line 3)", "row 1 (line 2)"),
        f -> {},
        DatasetOptions.defaults().withIdColumn("video").withGroupColumn("video"));
  }

  @Test
  void anIdColumnThatWasAskedForAsGroupsMayRepeat() {
    folder.write("labels_train", "id,label\n" + "p1,no\np1,yes\np2,no\np2,yes\n".repeat(2));
    MultimodalDataset data =
        DatasetReader.open(path, DatasetOptions.defaults().withGroupColumn("id")).readDataset();
    TrainingData training = data.trainingData(ValidationOptions.seeded(1));
    assertEquals(8, training.train().rows() + training.validation().rows());
  }

  @Test
  void aMissingLabel() {
    refused(
        "labels_train.csv, row 3 (line 4), column 'label': the label is missing; fill it in or"
            + " remove the row from all files",
        f -> f.line("labels_train", 4, "r2,v1,"));
  }

  @Test
  void aLabelThatTrainingDoesNotHave() {
    refused(
        "labels_test.csv, row 1 (line 2), column 'label': the label 'maybe' does not occur in the"
            + " training data, which has [no, yes]; correct it or remove the row from all files",
        f -> f.line("labels_test", 2, "r0,v0,maybe"));
  }

  @Test
  void textInANumberColumn() {
    refused(
        "a_train.csv, row 4 (line 5), column 'a_1': 'low' is not a number; fill in a number, or"
            + " remove the column from the file",
        f -> f.line("a_train", 5, "3,low"));
  }

  @Test
  void aValueThatIsNotFinite() {
    for (String text : List.of("NaN", "-inf", "Infinity")) {
      refused(
          "a_test.csv, row 8 (line 9), column 'a_0': '"
              + text
              + "' is not finite; fill in a number, or empty the whole row if the modality is"
              + " missing",
          f -> f.line("a_test", 9, text + ",1"));
    }
  }

  @Test
  void aValueThatIsTooLarge() {
    refused(
        "a_train.csv, row 1 (line 2), column 'a_0': '1e999' is too large for a double; rescale the"
            + " column",
        f -> f.line("a_train", 2, "1e999,1"));
  }

  @Test
  void aRowThatIsPartlyEmpty() {
    refused(
        "a_train.csv, row 1 (line 2), column 'a_1': the cell is empty in a row that has other"
            + " values; fill it in, or empty the whole row if the modality is missing there",
        f -> f.line("a_train", 2, "1,"));
  }

  @Test
  void aRowWithoutAnyModality() {
    refused(
        "a_train.csv, row 2 (line 3): every modality is missing in this row; remove the row from"
            + " all files",
        f -> f.line("a_train", 3, ",").line("b_train", 3, ""));
  }

  @Test
  void anEmptyFile() {
    refused(
        "b_train.csv: the file is empty; a header line and one line per row are needed",
        f -> f.write("b_train", ""));
  }

  @Test
  void aHeaderAlone() {
    refused(
        "b_train.csv: holds a header and no rows; add one line per row, or remove the file",
        f -> f.write("b_train", "b_0\n"));
  }

  @Test
  void otherSeparators() {
    refused(
        "labels_train.csv, line 1: one column named 'id;video;label'; separate fields by commas"
            + " instead of semicolons, and write decimals with a point",
        f -> f.line("labels_train", 1, "id;video;label"));
    folder = CsvFolder.good(path);
    refused(
        "b_train.csv, line 1: one column named 'b_0\tb_1'; separate fields by commas instead of"
            + " tabs, and write decimals with a point",
        f -> f.line("b_train", 1, "b_0\tb_1"));
  }

  @Test
  void aFolderInPlaceOfAFile() {
    refused(
        "a_train.csv: is a folder; a CSV file is needed under this name",
        f -> f.delete("a_train").folder("a_train"));
  }

  @Test
  void textThatIsNotUtf8() {
    refused(
        "a_train.csv, line 1: field 2 is not UTF-8; save the file as UTF-8",
        f -> f.write("a_train", "a_0,\u00e9\n1,2\n", StandardCharsets.ISO_8859_1));
  }

  @Test
  void aNameTwice() {
    refused(
        "a_train.csv, line 1: the column name 'a_0' occurs twice; rename one",
        f -> f.line("a_train", 1, "a_0,a_0"));
  }

  @Test
  void aColumnWithoutName() {
    refused(
        "a_train.csv, line 1: column 2 has no name; name it in the header",
        f -> f.line("a_train", 1, "a_0,"));
  }

  @Test
  void raggedRows() {
    refused(
        "a_train.csv, row 2 (line 3): 3 fields, the header has 2; give every row one field per"
            + " column",
        f -> f.line("a_train", 3, "1,2,3"));
  }

  @Test
  void aBlankLine() {
    refused(
        "a_train.csv, row 9 (line 10): 1 field, the header has 2; remove the blank line",
        f -> f.append("a_train", "\n"));
  }

  @Test
  void aModalityWithoutUsableColumn() {
    refused(
        "b_train.csv: modality 'b' has no usable column: each of its 1 columns is constant over the"
            + " 8 training rows that have it; leave the modality out",
        f -> f.write("b_train", "b_0\n" + "7\n".repeat(8)));
  }

  @Test
  void aModalityThatIsNeverThere() {
    refused(
        "b_train.csv: modality 'b' has no usable column: it is missing in every training row; leave"
            + " the modality out",
        f -> f.write("b_train", "b_0\n" + "\n".repeat(8)));
  }

  @Test
  void oneClassOnly() {
    refused(
        "labels_train.csv, column 'label': every row has the label 'no'; at least two classes are"
            + " needed",
        f -> f.write("labels_train", "label\n" + "no\n".repeat(8)));
  }

  @Test
  void aLabelColumnOfNumbers() {
    refused(
        "labels_train.csv, column 'id': 8 different labels in 8 rows; a class needs several rows,"
            + " is this column a number or an id?",
        f -> {},
        DatasetOptions.defaults().withLabelColumn("id"));
  }

  @Test
  void unknownColumnsAndModalitiesListWhatExists() {
    DatasetOptions options = DatasetOptions.defaults();
    refused(
        "labels_train.csv: has no label column 'class'; name one of its columns [id, video, label]",
        f -> {},
        options.withLabelColumn("class"));
    refused(
        "labels_train.csv: has no group column 'show'; name one of its columns [id, video, label]",
        f -> {},
        options.withGroupColumn("show"));
    refused(
        "labels_train.csv: has no id column 'key'; name one of its columns [id, video, label]",
        f -> {},
        options.withIdColumn("key"));
    refused(
        path + ": has no modality 'c' for training; it has [a, b]",
        f -> {},
        options.withModalities(List.of("a", "c")));
    refused(
        "the modality 'a' is named twice; name it once",
        f -> {},
        options.withModalities(List.of("a", "a")));
  }

  @Test
  void missingFiles() {
    refused("b_test.csv: is missing; add it, or leave the modality out", f -> f.delete("b_test"));
    refused(
        "labels_train.csv: is missing; labels are needed here, add it",
        f -> f.delete("labels_train"));
    refused(
        path + ": holds no training data; <modality>_train.csv and labels_train.csv are needed",
        f -> f.delete("a_train").delete("b_train"));
  }

  @Test
  void testColumnsThatDiffer() {
    refused(
        "a_test.csv: the column 'a_1' of modality 'a' is missing (2 columns came, 2 were trained"
            + " on); these are other data, or the column was renamed",
        f -> f.line("a_test", 1, "a_0,a_2"));
  }

  @Test
  void aColumnTooMany() {
    refused(
        "b_test.csv: the column 'more' does not belong to modality 'b' as it was trained on; remove"
            + " it",
        f -> f.write("b_test", "b_0,more\n" + "1,2\n".repeat(8)));
  }

  @Test
  void placesThatAreNotData() {
    DataException none =
        assertThrows(
            DataException.class,
            () -> DatasetReader.open(path.resolve("none"), DatasetOptions.defaults()));
    assertEquals(path.resolve("none") + ": no such file or folder", none.getMessage());
    Path csv = path.resolve("a_train.csv");
    DataException single =
        assertThrows(DataException.class, () -> DatasetReader.open(csv, DatasetOptions.defaults()));
    assertEquals(
        csv + ": not a data set; give a folder of CSV files, or a .npz or .safetensors file",
        single.getMessage());
  }

  @Test
  void groupsThatCannotBeHeldOut() {
    MultimodalDataset data =
        DatasetReader.open(path, DatasetOptions.defaults().withGroupColumn("video")).readDataset();
    ValidationOptions options = ValidationOptions.seeded(1);
    DataException e =
        assertThrows(DataException.class, () -> data.trainingData(options.withGroupCount(4)));
    assertEquals(
        "validation: 4 groups are to be held out, the group column has 4; ask for at most 3",
        e.getMessage());
  }
}
