package org.modalimmune.train;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.nn.Pass;
import org.modalimmune.tensor.Shape;

/**
 * Sum over modalities of the mean squared error between decoded and true standardised features;
 * rows that lack the modality do not count.
 */
final class ReconstructionLoss {
  private ReconstructionLoss() {}

  /** A scalar from fused representations [B, fusionHidden]. */
  static Variable of(MultimodalModel model, Batch batch, Variable fused, Pass pass) {
    Variable sum = one(model, batch, fused, pass, 0);
    for (int m = 1; m < batch.modalities(); m++) {
      sum = Elementwise.add(sum, one(model, batch, fused, pass, m));
    }
    return sum;
  }

  private static Variable one(
      MultimodalModel model, Batch batch, Variable fused, Pass pass, int modality) {
    Variable target = batch.features(modality);
    Variable error = Elementwise.subtract(model.reconstruct(modality, fused, pass), target);
    float[] present = new float[batch.size()];
    int count = 0;
    for (int i = 0; i < present.length; i++) {
      present[i] = batch.isPresent(i, modality) ? 1 : 0;
      count += batch.isPresent(i, modality) ? 1 : 0;
    }
    if (count < present.length) {
      Variable rows = batch.constant(Shape.of(present.length, 1), present);
      error = Elementwise.select(rows, error, batch.tape().constant(0, error.dtype()));
    }
    double elements = (double) Math.max(1, count) * target.shape().dim(1);
    return Elementwise.scale(Reduction.dot(error, error), 1 / elements);
  }
}
