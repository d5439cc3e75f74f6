package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Collapse of activations to a rank set by the severity s:
 *
 * <pre>
 *   Z' = mean + sqrt(1 - s) Zc + sqrt(s l1) g v'
 * </pre>
 *
 * with l1 and v the leading eigenpair of the embedding's covariance and g standard normal, one draw
 * per row. Over the draws, the covariance becomes (1 - s) S + s l1 v v': l1 stays, all others
 * shrink, and the stable rank is 1 + (1 - s)(r - 1), the target of {@link CollapseLoss}, exactly.
 * Every direction's signal shrinks alike, so that at severity 1 nothing is left of the row but the
 * batch's mean and noise along one direction. Mean, l1 and v carry no gradient. The derivative with
 * respect to s is infinite at s = 0 and 1: a severity that is adapted must stay between them.
 */
public final class SpectralShrink implements Intervention {
  private final StableRank rank;

  /** With default options of the stable rank. */
  public SpectralShrink() {
    this(StableRankOptions.defaults());
  }

  /** With the given options of the stable rank. */
  public SpectralShrink(StableRankOptions options) {
    this.rank = new StableRank(options);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the severity is outside [0, 1] or {@link StableRank}
   *     refuses the embedding
   */
  @Override
  public Variable apply(Variable embedding, Variable severity, RandomKey key) {
    Severity.of(severity);
    if (Severity.isFixed(severity, 0)) {
      return embedding;
    }
    Tape tape = embedding.tape();
    Variable value = embedding.detach();
    StableRankResult spectrum = rank.analyse(value);
    long rows = embedding.shape().dim(0);
    long columns = embedding.shape().dim(1);
    Variable mean = Reduction.meanTo(value, Shape.of(1, columns));
    Tensor draws = tape.ops().normal(key, embedding.dtype(), Shape.of(rows, 1));
    Tensor v = tape.scope().of(embedding.dtype(), Shape.of(1, columns), spectrum.direction());
    Variable along = Matrix.matmul(tape.constant(draws), tape.constant(v));
    // the root of s alone: that of s l1 would make the derivative of a constant embedding NaN
    Variable spread = Elementwise.scale(root(severity), Math.sqrt(spectrum.largest()));
    Variable base = Elementwise.add(mean, Elementwise.multiply(along, spread));
    if (Severity.isFixed(severity, 1)) {
      return base;
    }
    Variable share = root(Elementwise.affine(severity, -1, 1));
    Variable kept = Elementwise.multiply(Elementwise.subtract(embedding, mean), share);
    return Elementwise.add(base, kept);
  }

  private static Variable root(Variable x) {
    return Elementwise.unary(UnaryOp.SQRT, x);
  }
}
