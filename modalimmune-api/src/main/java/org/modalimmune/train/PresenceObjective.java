package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Pass;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.Shape;

/**
 * The simple methods: one presence pattern per sample, cross-entropy, reconstruction. Covers {@code
 * plain} (all present), {@code dropout} (a uniformly random non-empty subset) and {@code
 * dropout-noise} (the same with Gaussian noise on the standardised inputs).
 */
final class PresenceObjective implements Objective {
  private final boolean drop;
  private final double noise;
  private final double reconstructionWeight;

  /**
   * @param drop whether subsets are drawn
   * @param noise standard deviation of the input noise, in standard deviations of the features
   * @param reconstructionWeight weight of the reconstruction loss
   */
  PresenceObjective(boolean drop, double noise, double reconstructionWeight) {
    this.drop = drop;
    this.noise = noise;
    this.reconstructionWeight = reconstructionWeight;
  }

  @Override
  public StepLoss loss(MultimodalModel model, Batch batch, RandomKey key) {
    Pass pass = Pass.training(key.fold("dropout"));
    List<Variable> projected = new ArrayList<>();
    for (int m = 0; m < batch.modalities(); m++) {
      projected.add(model.project(m, noisy(batch.features(m), key.fold("noise").fold(m)), pass));
    }
    PresenceMasks masks = new PresenceMasks(batch, 1);
    RandomStream random = new RandomStream(key.fold("patterns"));
    long full = PresencePattern.full(batch.modalities()).mask();
    for (int i = 0; i < batch.size(); i++) {
      masks.set(i, 0, drop ? nonEmptySubset(random, full) : full);
    }
    Variable told = masks.toVariable();
    Variable fused =
        Shaping.reshape(
            model.fuse(projected, told, told),
            Shape.of(batch.size(), model.options().fusionHidden()));
    Variable logProbabilities = Normalization.logSoftmax(model.logits(fused));
    Variable loss =
        Elementwise.scale(
            Reduction.dot(logProbabilities, Targets.oneHot(batch)), -1.0 / batch.size());
    if (reconstructionWeight > 0) {
      Variable term = ReconstructionLoss.of(model, batch, fused, pass);
      loss = Elementwise.add(loss, Elementwise.scale(term, reconstructionWeight));
    }
    return StepLoss.of(loss);
  }

  @Override
  public SortedMap<String, String> configuration() {
    return new TreeMap<>(
        Map.of(
            "drop", Boolean.toString(drop),
            "noise", Double.toString(noise),
            "reconstruction", Double.toString(reconstructionWeight)));
  }

  /** A uniformly random non-empty subset of {@code full}, which has its low bits set. */
  static long nonEmptySubset(RandomStream random, long full) {
    if (full <= Integer.MAX_VALUE) {
      return 1L + random.nextInt((int) full);
    }
    long subset = 0;
    while (subset == 0) {
      long high = (long) random.nextInt() << Integer.SIZE;
      subset = (high | (random.nextInt() & 0xFFFFFFFFL)) & full;
    }
    return subset;
  }

  private Variable noisy(Variable x, RandomKey key) {
    if (noise == 0) {
      return x;
    }
    Variable draws = x.tape().constant(x.tape().ops().normal(key, x.dtype(), x.shape()));
    return Elementwise.add(x, Elementwise.scale(draws, noise));
  }
}
