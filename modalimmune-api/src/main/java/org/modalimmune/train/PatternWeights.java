package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.tensor.Shape;

/**
 * Weight of each presence pattern in the loss, w_k / sum_j q_j w_j with q the probabilities of the
 * draw: the mean weight of a draw is 1, so that only the proportions matter. With many patterns,
 * those of one number of present modalities share one weight.
 */
final class PatternWeights {
  /** More patterns than these share weights by size: each weight costs a walk to certify. */
  private static final int MOST_SINGLE = 14;

  private static final double RANGE = 20;

  private final boolean uniform;
  private final List<MetaParameters.Setting> weights = new ArrayList<>();
  private final int[] weightOf;

  PatternWeights(List<PresencePattern> patterns, MetaParameters meta) {
    this.uniform = !meta.adapts(MetaGroup.PATTERNS) || patterns.isEmpty();
    this.weightOf = new int[patterns.size()];
    if (uniform) {
      return;
    }
    if (patterns.size() <= MOST_SINGLE) {
      for (int k = 0; k < weightOf.length; k++) {
        weightOf[k] = k;
        add(meta, "weight.pattern." + Long.toBinaryString(patterns.get(k).mask()));
      }
    } else {
      TreeSet<Integer> sizes = new TreeSet<>();
      patterns.forEach(p -> sizes.add(p.size()));
      sizes.forEach(size -> add(meta, "weight.pattern." + size + "-present"));
      for (int k = 0; k < weightOf.length; k++) {
        weightOf[k] = sizes.headSet(patterns.get(k).size()).size();
      }
    }
  }

  private void add(MetaParameters meta, String name) {
    weights.add(meta.positive(MetaGroup.PATTERNS, name, 1, RANGE));
  }

  /** The target distributions [B, R, C] of drawn patterns, weighted. */
  Variable weigh(Variable target, PatternDraw draw, double[] probabilities) {
    if (uniform) {
      return target;
    }
    Tape tape = target.tape();
    List<Variable> each =
        weights.stream().map(w -> Shaping.reshape(w.on(tape), Shape.of(1))).toList();
    Variable all = Shaping.concat(0, each);
    double[] share = new double[weights.size()];
    for (int k = 0; k < probabilities.length; k++) {
      share[weightOf[k]] += probabilities[k];
    }
    Variable shares = tape.constant(tape.scope().of(target.dtype(), Shape.of(share.length), share));
    Variable normalised = Elementwise.divide(all, Reduction.dot(all, shares));
    int[] rows = new int[draw.arms().length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = weightOf[draw.arms()[i]];
    }
    Variable column = Shaping.reshape(normalised, Shape.of(share.length, 1));
    Shape perDraw = Shape.of(target.shape().dim(0), draw.drawn(), 1);
    Variable gathered = Shaping.reshape(Shaping.gatherRows(column, rows), perDraw);
    return Elementwise.multiply(target, gathered);
  }
}
