package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Reads published sets, where they are at hand: under the system property {@code
 * modalimmune.shared}, or in a folder {@code shared} beside the repository.
 */
class PublishedDataTest {

  private static Path require(String set) {
    String stated = System.getProperty("modalimmune.shared", "");
    Path start = Path.of("").toAbsolutePath();
    List<Path> places =
        stated.isEmpty()
            ? List.of(start.resolve("../shared"), start.resolve("../../shared"))
            : List.of(Path.of(stated));
    for (Path place : places) {
      Path folder = place.resolve("data").resolve(set);
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    String skipped =
        "SKIPPED: the data set '"
            + set
            + "' is not at hand, so reading it was NOT tested; set"
            + " -Dmodalimmune.shared to the folder that holds data/"
            + set;
    System.err.println(skipped);
    return Assumptions.abort(skipped);
  }

  @Test
  void mosiHasItsPublishedSizesAndItsConstantColumns() {
    MultimodalDataset data =
        DatasetReader.open(require("mosi"), DatasetOptions.defaults().withGroupColumn("video"))
            .readDataset();
    assertEquals(List.of("audio", "text", "video"), data.schema().modalityNames());
    assertEquals(List.of("0", "1"), data.schema().classNames());
    assertEquals(752, data.testData().split().rows());
    TrainingData training = data.trainingData(ValidationOptions.seeded(1));
    assertEquals(1447, training.train().rows() + training.validation().rows());
    assertEquals(0.15, training.validation().rows() / 1447.0, 0.02);
    HashSet<String> videos = new HashSet<>(training.train().groups().orElseThrow());
    assertTrue(Collections.disjoint(videos, training.validation().groups().orElseThrow()));
    videos.addAll(training.validation().groups().orElseThrow());
    assertEquals(62, videos.size());
    List<ModalityStandardizer> fitted = Standardizer.fit(training.train()).modalities();
    assertEquals(73, fitted.get(0).input().columns());
    assertEquals(100, fitted.get(1).output().columns());
    assertEquals(32, fitted.get(2).droppedColumns().size());
  }

  @Test
  void mfeatHasItsPublishedSizes() {
    MultimodalDataset data =
        DatasetReader.open(require("mfeat"), DatasetOptions.defaults()).readDataset();
    assertEquals(
        List.of("fourier", "karhunen", "morphology", "pixels", "profile", "zernike"),
        data.schema().modalityNames());
    assertEquals(
        List.of(76, 64, 6, 240, 216, 47),
        data.modalities().stream().map(Modality::columns).toList());
    assertEquals(10, data.schema().classNames().size());
    assertEquals(600, data.testData().split().rows());
    TrainingData training = data.trainingData(ValidationOptions.seeded(1));
    assertEquals(1190, training.train().rows());
    assertEquals(210, training.validation().rows());
    assertEquals(76, Standardizer.fit(training.train()).output().get(0).columns());
  }
}
