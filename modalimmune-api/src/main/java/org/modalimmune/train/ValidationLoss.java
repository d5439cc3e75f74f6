package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Parameter;
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
  public double[] of(List<PresencePattern> some) {
    double[] sums = new double[some.size()];
    forEachChunk(
        some.size(),
        batch -> {
          Variable picked = picked(batch, some);
          addTo(
              sums,
              0,
              Reduction.sumTo(picked, Shape.of(1, some.size(), 1)).tensor().toDoubleArray());
        });
    for (int p = 0; p < sums.length; p++) {
      sums[p] /= -rows.rows();
    }
    return sums;
  }

  @Override
  public double[] gradientOfMean(List<Parameter> parameters) {
    double[] gradient =
        new double[Math.toIntExact(parameters.stream().mapToLong(p -> p.value().elements()).sum())];
    double unit = -1.0 / ((double) rows.rows() * patterns.size());
    forEachChunk(
        patterns.size(),
        batch -> {
          List<Variable> leaves =
              parameters.stream().map(p -> batch.tape().leaf(p.value())).toList();
          Variable loss = Elementwise.scale(Reduction.sum(picked(batch, patterns)), unit);
          int at = 0;
          for (Variable part : Gradients.of(loss, leaves)) {
            double[] values = part.tensor().toDoubleArray();
            addTo(gradient, at, values);
            at += values.length;
          }
        });
    return gradient;
  }

  private static void addTo(double[] sums, int at, double[] values) {
    for (int i = 0; i < values.length; i++) {
      sums[at + i] += values[i];
    }
  }

  private void forEachChunk(int presentations, Consumer<Batch> action) {
    int chunk = Math.max(1, CHUNK_ELEMENTS / (presentations * model.options().fusionHidden()));
    for (int from = 0; from < rows.rows(); from += chunk) {
      int to = Math.min(rows.rows(), from + chunk);
      int[] indices = new int[to - from];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = from + i;
      }
      try (Tape tape = new Tape(backend)) {
        action.accept(new Batch(tape, rows, indices, model.classes()));
      }
    }
  }

  /** Log-probability of the true class, elsewhere 0: [B, P, C]. */
  private Variable picked(Batch batch, List<PresencePattern> patterns) {
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
    return Elementwise.multiply(Normalization.logSoftmax(logits), truth);
  }
}
