package org.modalimmune.train;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.collapse.CollapseLoss;
import org.modalimmune.collapse.CollapseLossOptions;
import org.modalimmune.collapse.RankReference;
import org.modalimmune.collapse.StableRank;
import org.modalimmune.collapse.StableRankOptions;
import org.modalimmune.collapse.WarmStableRank;
import org.modalimmune.random.RandomKey;

/**
 * Collapse as a loss: the projected embeddings of the modalities that one drawn pattern lacks are
 * pressed towards a low stable rank. The reference is each modality's own rank in the batches where
 * it was not pressed. Evaluated again with the key of the last evaluation, as the hyper-gradient
 * does, it starts from what it remembered before that: a step counts once.
 */
final class CollapseTerm {
  private static final double MEMORY = 0.95;

  private static final String AVERAGE = "average";
  private static final String BATCHES = "batches";
  private static final String DIRECTION = "direction-";

  private final CollapseLossOptions options;
  private final List<WarmStableRank> ranks = new ArrayList<>();
  private final List<RankReference> references = new ArrayList<>();
  private final List<Memory> before = new ArrayList<>();
  private Optional<RandomKey> latest = Optional.empty();

  /** What is remembered of one modality: the leading direction of its last embedding, its rank. */
  private record Memory(Optional<double[]> direction, RankReference reference) {}

  CollapseTerm(int modalities, CollapseLossOptions options) {
    this.options = options;
    for (int m = 0; m < modalities; m++) {
      ranks.add(warm(Optional.empty()));
      references.add(RankReference.empty(MEMORY));
    }
  }

  private static WarmStableRank warm(Optional<double[]> direction) {
    StableRank rank = new StableRank(StableRankOptions.defaults());
    return direction
        .map(v -> new WarmStableRank(rank, v))
        .orElseGet(() -> new WarmStableRank(rank));
  }

  /** Goes back to before the last evaluation if this is the same step, and remembers it if not. */
  private void begin(RandomKey key) {
    if (latest.filter(key::equals).isPresent()) {
      for (int m = 0; m < before.size(); m++) {
        ranks.set(m, warm(before.get(m).direction()));
        references.set(m, before.get(m).reference());
      }
      return;
    }
    latest = Optional.of(key);
    before.clear();
    for (int m = 0; m < ranks.size(); m++) {
      before.add(new Memory(ranks.get(m).direction(), references.get(m)));
    }
  }

  /**
   * The mean loss of the targets, a scalar; 0 while a target has no reference yet.
   *
   * @param projected embeddings [B, d]
   * @param kept modalities that are left alone, as bits
   * @param severity from 0 to 1
   * @param key names the step's draws
   */
  Variable of(List<Variable> projected, long kept, double severity, RandomKey key) {
    begin(key);
    Variable first = projected.getFirst();
    Variable sum = first.tape().constant(0, first.dtype());
    int targets = 0;
    for (int m = 0; m < projected.size(); m++) {
      Variable z = projected.get(m);
      boolean target = (kept >>> m & 1) == 0;
      if (!target) {
        double rank = ranks.get(m).of(z.detach()).tensor().item();
        references.set(m, references.get(m).with(rank));
      } else if (references.get(m).batches() > 0) {
        double reference = references.get(m).value();
        Variable loss =
            new CollapseLoss(ranks.get(m), options).of(z, severity, reference, key.fold(m));
        sum = Elementwise.add(sum, loss);
        targets++;
      }
    }
    return targets == 0 ? sum : Elementwise.scale(sum, 1.0 / targets);
  }

  /**
   * What it remembers between steps: of modality m {@code average} [m] and {@code batches} [m] of
   * its rank, and {@code direction-m} [d] once there is one.
   */
  TrainingState state() {
    Map<String, double[]> arrays = new TreeMap<>();
    arrays.put(AVERAGE, references.stream().mapToDouble(RankReference::average).toArray());
    arrays.put(BATCHES, references.stream().mapToDouble(r -> (double) r.batches()).toArray());
    for (int m = 0; m < ranks.size(); m++) {
      String name = DIRECTION + m;
      ranks.get(m).direction().ifPresent(v -> arrays.put(name, v));
    }
    return TrainingState.of(arrays);
  }

  /**
   * Continues from a state.
   *
   * @throws IllegalArgumentException if it is of another number of modalities
   */
  void restore(TrainingState state) {
    double[] averages = state.array(AVERAGE, references.size());
    double[] batches = state.array(BATCHES, references.size());
    Set<String> known = new HashSet<>(Set.of(AVERAGE, BATCHES));
    for (int m = 0; m < ranks.size(); m++) {
      String name = DIRECTION + m;
      known.add(name);
      references.set(m, new RankReference(MEMORY, averages[m], (long) batches[m]));
      ranks.set(
          m, warm(state.has(name) ? Optional.of(state.array(name)) : Optional.<double[]>empty()));
    }
    state.requireOnly(known);
    latest = Optional.empty();
  }
}
