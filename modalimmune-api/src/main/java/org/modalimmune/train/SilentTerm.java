package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.collapse.Intervention;
import org.modalimmune.collapse.Replacement;
import org.modalimmune.nn.Pass;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Loss of modality without notice: the model is told that everything is there, while what the first
 * drawn pattern lacks is replaced by a Gaussian of its own scale, another sample's embedding, or
 * the embedding of a zero input, one kind per modality and step.
 */
final class SilentTerm {
  private static final int KINDS = 3;

  private final double severity;

  SilentTerm(double severity) {
    this.severity = severity;
  }

  /** Cross-entropy with replaced embeddings, a scalar. */
  Variable loss(
      MultimodalModel model,
      Batch batch,
      List<Variable> projected,
      PresenceMasks masks,
      Pass pass,
      RandomKey key) {
    RandomStream random = new RandomStream(key.fold("kinds"));
    List<Variable> shown = new ArrayList<>();
    for (int m = 0; m < projected.size(); m++) {
      Intervention intervention = intervention(model, batch, m, pass, random.nextInt(KINDS));
      Variable replaced = intervention.apply(projected.get(m), severity, key.fold(m));
      shown.add(Elementwise.select(lost(batch, masks, m), replaced, projected.get(m)));
    }
    PresenceMasks all = new PresenceMasks(batch, 1);
    for (int i = 0; i < batch.size(); i++) {
      all.set(i, 0, masks.get(i, 0));
    }
    Variable told = all.toVariable();
    Variable logits = model.logits(model.fuse(shown, told, told));
    Variable flat = Shaping.reshape(logits, Shape.of(batch.size(), batch.classes()));
    Variable logProbabilities = Normalization.logSoftmax(flat);
    return Elementwise.scale(
        Reduction.dot(logProbabilities, Targets.oneHot(batch)), -1.0 / batch.size());
  }

  private static Intervention intervention(
      MultimodalModel model, Batch batch, int modality, Pass pass, int kind) {
    return switch (kind) {
      case 0 -> Replacement.gaussian();
      case 1 -> Replacement.shuffle();
      default -> Replacement.constant(zeroInput(model, batch, modality, pass));
    };
  }

  private static Variable zeroInput(MultimodalModel model, Batch batch, int modality, Pass pass) {
    Tape tape = batch.tape();
    Variable x = batch.features(modality);
    Tensor zero = tape.ops().full(0, x.dtype(), Shape.of(1, x.shape().dim(1)));
    return model.project(modality, tape.constant(zero), pass);
  }

  /** 1 for the rows whose first drawn pattern lacks the modality: [B, 1]. */
  private static Variable lost(Batch batch, PresenceMasks masks, int modality) {
    float[] bits = new float[batch.size()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (masks.get(i, 1) >>> modality & 1) == 0 ? 1 : 0;
    }
    return batch.constant(Shape.of(bits.length, 1), bits);
  }
}
