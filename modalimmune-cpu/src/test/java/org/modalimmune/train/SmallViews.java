package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.modalimmune.data.DatasetSchema;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Modality;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.TrainingData;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;

/** Three views of two classes that overlap, small enough to be trained on again and again. */
final class SmallViews {
  static final List<Modality> MODALITIES =
      List.of(
          new Modality("a", List.of("a0", "a1", "a2")),
          new Modality("b", List.of("b0", "b1")),
          new Modality("c", List.of("c0", "c1")));

  private static final int ROWS = 70;

  private SmallViews() {}

  /** The loop's settings: five steps an epoch. */
  static TrainingOptions options(int epochs, DType dtype) {
    return new TrainingOptions(
        epochs, 12, 5e-3, 0.05, 1e-2, new ModelOptions(6, 4, 5, 4, 0.1, dtype));
  }

  static TrainingData data() {
    return data(MODALITIES, 1);
  }

  static TrainingData data(List<Modality> modalities, long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    int[] labels = IntStream.range(0, ROWS).map(i -> i % 2).toArray();
    List<FeatureMatrix> features = new ArrayList<>();
    for (int m = 0; m < modalities.size(); m++) {
      int columns = modalities.get(m).columns();
      double[] values = new double[ROWS * columns];
      boolean[] present = new boolean[ROWS];
      for (int i = 0; i < ROWS; i++) {
        present[i] = (i + m) % 7 != 0;
        for (int j = 0; j < columns; j++) {
          values[i * columns + j] = labels[i] / (1.0 + m) + random.nextGaussian();
        }
      }
      features.add(FeatureMatrix.of(modalities.get(m).columnNames(), values, present));
    }
    MultimodalSplit rows =
        new MultimodalSplit(
            modalities,
            features,
            labels,
            IntStream.range(0, ROWS).mapToObj(Integer::toString).toList(),
            Optional.empty());
    return new MultimodalDataset(
            "views", new DatasetSchema(modalities, List.of("x", "y")), rows, Optional.empty())
        .trainingData(ValidationOptions.seeded(5));
  }
}
