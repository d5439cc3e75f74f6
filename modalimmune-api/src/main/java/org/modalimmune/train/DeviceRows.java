package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Standardised rows in device memory, with what the host needs to know about them. */
final class DeviceRows {
  private final List<Tensor> features = new ArrayList<>();
  private final float[] present;
  private final boolean complete;
  private final int[] labels;
  private final int rows;

  DeviceRows(Scope scope, DType dtype, List<FeatureMatrix> standardized, int[] labels) {
    this.labels = labels.clone();
    this.rows = standardized.getFirst().rows();
    int modalities = standardized.size();
    this.present = new float[rows * modalities];
    boolean all = true;
    for (int m = 0; m < modalities; m++) {
      FeatureMatrix x = standardized.get(m);
      features.add(scope.of(dtype, Shape.of(rows, x.columns()), x.toArray()));
      for (int i = 0; i < rows; i++) {
        present[i * modalities + m] = x.isPresent(i) ? 1 : 0;
        all &= x.isPresent(i);
      }
    }
    this.complete = all;
  }

  int rows() {
    return rows;
  }

  int modalities() {
    return features.size();
  }

  Tensor features(int modality) {
    return features.get(modality);
  }

  int label(int row) {
    return labels[row];
  }

  int[] labels() {
    return labels.clone();
  }

  boolean isPresent(int row, int modality) {
    return complete || present[row * features.size() + modality] != 0;
  }
}
