package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modalimmune.io.DataException;
import org.modalimmune.io.NpyWriter;
import org.modalimmune.io.SafetensorsWriter;

class DatasetReaderTest {
  @TempDir private Path path;
  private CsvFolder folder;

  @BeforeEach
  void createFolder() {
    folder = CsvFolder.good(path);
  }

  private DatasetReader reader() {
    return DatasetReader.open(path, DatasetOptions.defaults());
  }

  @Test
  void readsBothSplitsAligned() {
    MultimodalDataset data = reader().readDataset();
    assertEquals(path.getFileName().toString(), data.name());
    assertEquals(List.of("no", "yes"), data.schema().classNames());
    assertEquals(
        List.of(new Modality("a", List.of("a_0", "a_1")), new Modality("b", List.of("b_0"))),
        data.modalities());
    MultimodalSplit test = data.testData().split();
    assertEquals(8, test.rows());
    assertArrayEquals(new int[] {0, 1, 0, 1, 0, 1, 0, 1}, test.labels());
    assertEquals("r3", test.ids().get(3));
    assertEquals(Optional.empty(), test.groups());
    assertArrayEquals(new double[] {0, .5, 1, 1.5, 2, 2.5, 3, 3.5}, test.features(1).toArray());
    assertEquals(4, test.features(0).get(3, 1));
    TrainingData training = data.trainingData(ValidationOptions.seeded(3).withFraction(0.25));
    assertEquals(6, training.train().rows());
    assertEquals(2, training.validation().rows());
    assertTrue(Collections.disjoint(training.train().ids(), training.validation().ids()));
  }

  @Test
  void namedModalitiesKeepTheirOrder() {
    MultimodalDataset data =
        DatasetReader.open(path, DatasetOptions.defaults().withModalities(List.of("b", "a")))
            .readDataset();
    assertEquals(List.of("b", "a"), data.schema().modalityNames());
    assertEquals(1, data.testData().split().features(0).columns());
  }

  @Test
  void integerLabelsSortAsIntegers() {
    folder.write("labels_train", "label\n10\n9\n10\n9\n2\n2\n9\n10\n").delete("labels_test");
    folder.delete("a_test").delete("b_test");
    MultimodalDataset data = reader().readDataset();
    assertEquals(List.of("2", "9", "10"), data.schema().classNames());
    assertFalse(data.hasTest());
    assertThrows(DataException.class, data::testData);
  }

  @Test
  void emptyRowsAreMissingModalities() {
    folder.line("a_train", 4, " , ").line("b_test", 2, "");
    MultimodalDataset data = reader().readDataset();
    MultimodalSplit test = data.testData().split();
    assertFalse(test.features(1).isPresent(0));
    assertTrue(test.features(1).isPresent(1));
    assertEquals(7, test.features(1).presentRows());
    TrainingData training = data.trainingData(ValidationOptions.seeded(1));
    int present =
        training.train().features(0).presentRows()
            + training.validation().features(0).presentRows();
    assertEquals(7, present);
  }

  @Test
  void quotesWindowsLineEndsAndByteOrderMarksAreRead() {
    folder.write(
        "b_train", "\ufeff\"b_0\"\r\n" + "\"1\"\r\n 2 \r\n+3\r\n4e0\r\n5.\r\n.6\r\n7\r\n8");
    FeatureMatrix plain = reader().readDataset().testData().split().features(1);
    assertEquals(List.of("b_0"), plain.columnNames());
  }

  @Test
  void groupsTravelWithTheRowsAndAreNeverDivided() {
    TrainingData training =
        DatasetReader.open(path, DatasetOptions.defaults().withGroupColumn("video"))
            .readDataset()
            .trainingData(ValidationOptions.seeded(5));
    List<String> held = training.validation().groups().orElseThrow();
    assertEquals(2, held.size());
    assertEquals(held.get(0), held.get(1));
    assertFalse(training.train().groups().orElseThrow().contains(held.get(0)));
  }

  @Test
  void evaluationTakesAMissingFileForAMissingModality() {
    DatasetSchema schema = reader().readDataset().schema();
    folder.delete("a_test");
    MultimodalSplit split = reader().readForEvaluation(schema).split();
    assertEquals(0, split.features(0).presentRows());
    assertEquals(8, split.features(1).presentRows());
    assertTrue(split.hasLabels());
    folder.delete("labels_test");
    assertThrows(DataException.class, () -> reader().readForEvaluation(schema));
  }

  @Test
  void predictionNeedsNoLabelsAndNoSuffix() throws IOException {
    DatasetSchema schema = reader().readDataset().schema();
    Path fresh = Files.createDirectory(path.resolve("fresh"));
    Files.writeString(fresh.resolve("a.csv"), "a_1,a_0\n1,2\n,\n");
    Files.writeString(fresh.resolve("b.csv"), "id,b_0\nx,5\ny,6\n");
    Files.writeString(fresh.resolve("unrelated.csv"), "text\nhello\n");
    MultimodalSplit split =
        DatasetReader.open(fresh, DatasetOptions.defaults()).readForPrediction(schema).split();
    assertFalse(split.hasLabels());
    assertThrows(IllegalStateException.class, split::labels);
    assertEquals(List.of("x", "y"), split.ids());
    assertArrayEquals(new double[] {2, 1, 0, 0}, split.features(0).toArray());
    assertFalse(split.features(0).isPresent(1));
  }

  @Test
  void predictionIgnoresUnknownLabelsButRefusesOtherData() throws IOException {
    DatasetSchema schema = reader().readDataset().schema();
    folder.line("labels_test", 2, "r0,v0,maybe");
    assertEquals("r0", reader().readForPrediction(schema).split().ids().get(0));
    assertThrows(DataException.class, () -> reader().readForEvaluation(schema));
    Path other = Files.createDirectory(path.resolve("other"));
    Files.writeString(other.resolve("c_test.csv"), "c\n1\n");
    DataException e =
        assertThrows(
            DataException.class,
            () -> DatasetReader.open(other, DatasetOptions.defaults()).readForPrediction(schema));
    assertTrue(
        String.valueOf(e.getMessage()).contains("holds none of the model's modalities [a, b]"),
        e::getMessage);
  }

  private static final double[] FEATURES = {1, 2, 3, 4, Double.NaN, Double.NaN, 7, 8};

  @Test
  void safetensorsHoldTheSameData() throws IOException {
    Path file = path.resolve("set.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String split : List.of("train", "test")) {
      writer
          .add("x_" + split, List.of(4L, 2L), FEATURES)
          .add("y_" + split, List.of(4L, 1L), new double[] {1, 2, 3, 4})
          .add("labels_" + split, List.of(4L), new long[] {0, 1, 0, 1})
          .add("show_" + split, List.of(4L), new long[] {7, 7, 8, 8});
    }
    writer.write(file);
    MultimodalDataset data =
        DatasetReader.open(file, DatasetOptions.defaults().withGroupColumn("show")).readDataset();
    checkArrays(data);
    assertEquals(List.of("7", "7", "8", "8"), data.testData().split().groups().orElseThrow());
  }

  @Test
  void anIdThatNamesTwoRowsOfAnArrayIsRefused() throws IOException {
    Path file = path.resolve("set.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String split : List.of("train", "test")) {
      writer
          .add("x_" + split, List.of(4L, 2L), FEATURES)
          .add("y_" + split, List.of(4L, 1L), new double[] {1, 2, 3, 4})
          .add("labels_" + split, List.of(4L), new long[] {0, 1, 0, 1})
          .add("id_" + split, List.of(4L), new long[] {5, 6, 7, split.equals("test") ? 6 : 8});
    }
    writer.write(file);
    DataException e =
        assertThrows(
            DataException.class,
            () -> DatasetReader.open(file, DatasetOptions.defaults()).readDataset());
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith(file + ", array 'id_test', row 4: the id '6' already names row 2;"),
        e::getMessage);
  }

  private static void checkArrays(MultimodalDataset data) {
    assertEquals("set", data.name());
    assertEquals(List.of("x", "y"), data.schema().modalityNames());
    assertEquals(List.of("0", "1"), data.schema().classNames());
    MultimodalSplit test = data.testData().split();
    assertFalse(test.features(0).isPresent(2));
    assertArrayEquals(new double[] {1, 2, 3, 4, 0, 0, 7, 8}, test.features(0).toArray());
    assertEquals("x_1", test.features(0).columnNames().get(1));
  }

  @Test
  void npzHoldsTheSameData() throws IOException {
    Path file = path.resolve("set.npz");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String split : List.of("train", "test")) {
        add(zip, "x_" + split, List.of(4L, 2L), FEATURES);
        add(zip, "y_" + split, List.of(4L, 1L), new double[] {1, 2, 3, 4});
        zip.putNextEntry(new ZipEntry("labels_" + split + ".npy"));
        zip.write(integerArray());
      }
    }
    checkArrays(DatasetReader.open(file, DatasetOptions.defaults()).readDataset());
  }

  private void add(ZipOutputStream zip, String name, List<Long> shape, double[] values)
      throws IOException {
    Path array = path.resolve("array.npy");
    NpyWriter.write(array, shape, values);
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    try (InputStream in = Files.newInputStream(array)) {
      in.transferTo(zip);
    }
  }

  /** NPY 1.0 of the int8 values 0, 1, 0, 1. */
  private static byte[] integerArray() {
    String header = "{'descr': '|i1', 'fortran_order': False, 'shape': (4,), }";
    byte[] bytes = new byte[10 + header.length() + 4];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0};
    System.arraycopy(start, 0, bytes, 0, start.length);
    System.arraycopy(
        header.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, bytes, 10, header.length());
    bytes[bytes.length - 3] = 1;
    bytes[bytes.length - 1] = 1;
    return bytes;
  }

  @Test
  void arraysOfTheWrongShapeOrTypeAreRefused() throws IOException {
    Path file = path.resolve("set.safetensors");
    new SafetensorsWriter()
        .add("x_train", List.of(4L), new double[4])
        .add("labels_train", List.of(4L), new long[] {0, 1, 0, 1})
        .write(file);
    DataException shape =
        assertThrows(
            DataException.class,
            () -> DatasetReader.open(file, DatasetOptions.defaults()).readDataset());
    assertTrue(
        String.valueOf(shape.getMessage()).startsWith(file + ", array 'x_train': shape [4];"));
    double[] partly = FEATURES.clone();
    partly[5] = 1;
    new SafetensorsWriter()
        .add("x_train", List.of(4L, 2L), partly)
        .add("labels_train", List.of(4L), new long[] {0, 1, 0, 1})
        .write(file);
    DataException hole =
        assertThrows(
            DataException.class,
            () -> DatasetReader.open(file, DatasetOptions.defaults()).readDataset());
    assertTrue(
        String.valueOf(hole.getMessage())
            .startsWith(file + ", array 'x_train', row 3, column 'x_0': NaN is not finite"),
        hole::getMessage);
  }
}
