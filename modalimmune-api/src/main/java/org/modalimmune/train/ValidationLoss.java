package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Pass;
import org.modalimmune.tensor.Shape;

/** Cross-entropy of the validation rows under every pattern, rows resident on the device. */
final class ValidationLoss implements HeldOutLoss {
  private static final int CHUNK_ELEMENTS = 1 << 20;

  private final Backend backend;
  private final MultimodalModel model;
  private final DeviceRows rows;
  private final List<PresencePattern> patterns;

  ValidationLoss(
      Backend backend, MultimodalModel model, DeviceRows rows, List<PresencePattern> patterns) {
    this.backend = backend;
    this.model = model;
    this.rows = rows;
    this.patterns = List.copyOf(patterns);
  }

  @Override
  public List<PresencePattern> patterns() {
    return patterns;
  }

  @Override
  public double[] perPattern() {
    double[] sums = new double[patterns.size()];
    int chunk = Math.max(1, CHUNK_ELEMENTS / (patterns.size() * model.options().fusionHidden()));
    for (int from = 0; from < rows.rows(); from += chunk) {
      int to = Math.min(rows.rows(), from + chunk);
      int[] indices = new int[to - from];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = from + i;
      }
      try (Tape tape = new Tape(backend)) {
        double[] part = losses(new Batch(tape, rows, indices, model.classes()));
        for (int p = 0; p < sums.length; p++) {
          sums[p] += part[p];
        }
      }
    }
    for (int p = 0; p < sums.length; p++) {
      sums[p] /= rows.rows();
    }
    return sums;
  }

  /** Sum over the batch of the cross-entropy of each pattern. */
  private double[] losses(Batch batch) {
    List<Variable> projected = new ArrayList<>();
    for (int m = 0; m < batch.modalities(); m++) {
      projected.add(model.project(m, batch.features(m), Pass.inference()));
    }
    PresenceMasks masks = new PresenceMasks(batch, patterns.size());
    for (int i = 0; i < batch.size(); i++) {
      for (int p = 0; p < patterns.size(); p++) {
        masks.set(i, p, patterns.get(p).mask());
      }
    }
    Variable told = masks.toVariable();
    Variable logits = model.logits(model.fuse(projected, told, told));
    Variable truth =
        Shaping.reshape(Targets.oneHot(batch), Shape.of(batch.size(), 1, batch.classes()));
    Variable picked = Elementwise.multiply(Normalization.logSoftmax(logits), truth);
    double[] sums =
        Reduction.sumTo(picked, Shape.of(1, patterns.size(), 1)).tensor().toDoubleArray();
    for (int p = 0; p < sums.length; p++) {
      sums[p] = -sums[p];
    }
    return sums;
  }
}
