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
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** Two views of three well separated classes; the second view is the weaker one. */
final class TwoViews {
  private TwoViews() {}

  static MultimodalSplit rows(int count, long seed, boolean holes) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    List<Modality> modalities =
        List.of(
            new Modality("a", List.of("a0", "a1", "a2", "a3")),
            new Modality("b", List.of("b0", "b1", "b2")));
    int[] labels = new int[count];
    List<FeatureMatrix> features = new ArrayList<>();
    double[] noise = {0.5, 1.0};
    for (int i = 0; i < count; i++) {
      labels[i] = i % 3;
    }
    for (int m = 0; m < 2; m++) {
      int columns = modalities.get(m).columnNames().size();
      double[] values = new double[count * columns];
      boolean[] present = new boolean[count];
      for (int i = 0; i < count; i++) {
        present[i] = !holes || (i + m) % 5 != 0;
        for (int j = 0; j < columns; j++) {
          values[i * columns + j] = (j == labels[i] ? 2 : 0) + noise[m] * random.nextGaussian();
        }
      }
      features.add(FeatureMatrix.of(modalities.get(m).columnNames(), values, present));
    }
    return new MultimodalSplit(
        modalities,
        features,
        labels,
        IntStream.range(0, count).mapToObj(Integer::toString).toList(),
        Optional.empty());
  }

  static MultimodalDataset data(boolean holes) {
    MultimodalSplit train = rows(160, 1, holes);
    DatasetSchema schema = new DatasetSchema(train.modalities(), List.of("x", "y", "z"));
    return new MultimodalDataset("views", schema, train, Optional.of(rows(90, 2, false)));
  }
}
