package org.modalimmune.train;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.collapse.Intervention;
import org.modalimmune.collapse.Replacement;
import org.modalimmune.collapse.SpectralShrink;
import org.modalimmune.nn.Pass;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Loss of modality without notice: the model is told that everything is there, while what the first
 * drawn pattern lacks is collapsed by one of the chosen interventions, drawn for each modality and
 * step.
 */
final class SilentTerm {
  private final List<InterventionKind> kinds;
  private final Map<InterventionKind, Intervention> interventions;
  private final MetaParameters.Setting severity;

  /**
   * @param kinds interventions to draw from, at least one
   * @param severity how far they go
   */
  SilentTerm(List<InterventionKind> kinds, MetaParameters.Setting severity) {
    this.kinds = List.copyOf(kinds);
    this.severity = severity;
    this.interventions = new EnumMap<>(InterventionKind.class);
    for (InterventionKind kind : kinds) {
      fixed(kind).ifPresent(i -> interventions.put(kind, i));
    }
  }

  /** The intervention of a kind that needs no model. */
  private static Optional<Intervention> fixed(InterventionKind kind) {
    return switch (kind) {
      case OMIT -> Optional.of(Replacement.omission());
      case NOISE -> Optional.of(Replacement.gaussian());
      case SHUFFLE -> Optional.of(Replacement.shuffle());
      case SHRINK -> Optional.of(new SpectralShrink());
      case ZERO_INPUT -> Optional.empty();
    };
  }

  /**
   * Cross-entropy with collapsed embeddings, and the logits [B, C] it is taken of.
   *
   * @param loss a scalar
   * @param logits [B, C]
   */
  record Term(Variable loss, Variable logits) {}

  Term of(
      MultimodalModel model,
      Batch batch,
      List<Variable> projected,
      PresenceMasks masks,
      Pass pass,
      RandomKey key) {
    RandomStream random = new RandomStream(key.fold("kinds"));
    Variable strength = severity.on(batch.tape());
    List<Variable> shown = new ArrayList<>();
    for (int m = 0; m < projected.size(); m++) {
      InterventionKind kind = kinds.get(random.nextInt(kinds.size()));
      Intervention intervention = interventions.get(kind);
      if (intervention == null) {
        intervention = Replacement.constant(zeroInput(model, batch, m, pass));
      }
      Variable collapsed = intervention.apply(projected.get(m), strength, key.fold(m));
      shown.add(Elementwise.select(lost(batch, masks, m), collapsed, projected.get(m)));
    }
    PresenceMasks all = new PresenceMasks(batch, 1);
    for (int i = 0; i < batch.size(); i++) {
      all.set(i, 0, masks.get(i, 0));
    }
    Variable told = all.toVariable();
    Variable logits =
        Shaping.reshape(
            model.logits(model.fuse(shown, told, told)), Shape.of(batch.size(), batch.classes()));
    Variable logProbabilities = Normalization.logSoftmax(logits);
    Variable loss =
        Elementwise.scale(
            Reduction.dot(logProbabilities, Targets.oneHot(batch)), -1.0 / batch.size());
    return new Term(loss, logits);
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
