package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
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
 * it was not pressed.
 */
final class CollapseTerm {
  private static final double MEMORY = 0.95;

  private final CollapseLossOptions options;
  private final List<WarmStableRank> ranks = new ArrayList<>();
  private final List<RankReference> references = new ArrayList<>();

  CollapseTerm(int modalities, CollapseLossOptions options) {
    this.options = options;
    for (int m = 0; m < modalities; m++) {
      ranks.add(new WarmStableRank(new StableRank(StableRankOptions.defaults())));
      references.add(RankReference.empty(MEMORY));
    }
  }

  /**
   * The mean loss of the targets, a scalar; 0 while a target has no reference yet.
   *
   * @param projected embeddings [B, d]
   * @param kept modalities that are left alone, as bits
   * @param severity from 0 to 1
   */
  Variable of(List<Variable> projected, long kept, double severity, RandomKey key) {
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
}
