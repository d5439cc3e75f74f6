package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.modalimmune.data.DatasetSchema;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Modality;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.TrainingData;
import org.modalimmune.io.DataException;

/** Whatever training sees of the data, its settings or its method changes the identity. */
class RunIdentityTest {
  private static final List<String> CLASSES = List.of("x", "y");
  private static final double[] VALUES = {1, 2, 3, 0};
  private static final boolean[] PRESENT = {true, false};
  private static final int[] LABELS = {0, 1};

  private static MultimodalSplit split(
      String modality, String column, double[] values, boolean[] present, int[] labels) {
    List<String> columns = List.of(column, "last");
    return new MultimodalSplit(
        List.of(new Modality(modality, columns)),
        List.of(FeatureMatrix.of(columns, values, present)),
        labels,
        List.of("1", "2"),
        Optional.empty());
  }

  private static MultimodalSplit usual() {
    return split("m", "first", VALUES, PRESENT, LABELS);
  }

  private static RunIdentity identity(
      List<String> classes, MultimodalSplit train, MultimodalSplit validation) {
    return identity(
        new TrainingData(
            "data", new DatasetSchema(train.modalities(), classes), train, validation, List.of()),
        Map.of("noise", "0.5"));
  }

  private static RunIdentity identity(TrainingData data, Map<String, String> configuration) {
    return RunIdentity.of(
        "plain", new TreeMap<>(configuration), 1, "cpu", data, TrainingOptions.ofEpochs(2));
  }

  @Test
  void equalRunsAreEqual() {
    RunIdentity one = identity(CLASSES, usual(), usual());
    RunIdentity other = identity(CLASSES, usual(), usual());
    assertEquals(one, other);
    one.requireSame(Path.of("run"), other);
  }

  @Test
  void everyDifferenceOfTheDataShows() {
    double[] otherValue = {1, Math.nextUp(2), 3, 0};
    double[] otherSign = {1, 2, -0.0, 0};
    double[] sign = {1, 2, 0.0, 0};
    boolean[] all = {true, true};
    // a row of zeros that is there, and one that is not
    double[] zeros = {1, 2, 0, 0};
    List<MultimodalSplit> splits =
        List.of(
            usual(),
            split("n", "first", VALUES, PRESENT, LABELS),
            split("m", "other", VALUES, PRESENT, LABELS),
            split("m", "first", otherValue, PRESENT, LABELS),
            split("m", "first", zeros, all, LABELS),
            split("m", "first", otherSign, all, LABELS),
            split("m", "first", VALUES, PRESENT, new int[] {1, 1}));
    assertEquals(
        identity(CLASSES, split("m", "first", sign, all, LABELS), usual()),
        identity(CLASSES, splits.get(4), usual()));
    for (int i = 0; i < splits.size(); i++) {
      for (int j = 0; j < i; j++) {
        String place = i + ", " + j;
        assertNotEquals(
            identity(CLASSES, splits.get(i), usual()),
            identity(CLASSES, splits.get(j), usual()),
            place);
      }
    }
    for (MultimodalSplit other : List.of(splits.get(3), splits.get(4), splits.get(6))) {
      assertNotEquals(identity(CLASSES, usual(), usual()), identity(CLASSES, usual(), other));
    }
    assertNotEquals(
        identity(CLASSES, usual(), usual()), identity(List.of("x", "z"), usual(), usual()));
    assertNotEquals(
        identity(CLASSES, usual(), splits.get(3)), identity(CLASSES, splits.get(3), usual()));
  }

  @Test
  void theRefusalNamesWhatDiffersAndCountsTheRest() {
    TrainingData data =
        new TrainingData(
            "data", new DatasetSchema(usual().modalities(), CLASSES), usual(), usual(), List.of());
    RunIdentity here = identity(data, Map.of("a", "1", "b", "2"));
    RunIdentity there = identity(data, Map.of("b", "3", "c", "4", "d", "5", "e", "6"));
    String message =
        String.valueOf(
            assertThrows(DataException.class, () -> here.requireSame(Path.of("run"), there))
                .getMessage());
    assertTrue(message.startsWith("run: a checkpoint of another run: "), message);
    assertTrue(message.contains("method.a is not set, this run has 1"), message);
    assertTrue(message.contains("method.b is 3, this run has 2"), message);
    assertTrue(message.contains("method.c is 4, this run has not set"), message);
    assertTrue(message.contains("; and 2 more;"), message);
  }
}
