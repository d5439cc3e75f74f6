package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.Shape;

/**
 * What collapse wants of an embedding: a rank no higher than a target between 1 and that of clean
 * batches, and rows that are drawn towards noise.
 *
 * <pre>
 *   r* = 1 + (1 - severity)(r_ref - 1)        e = max(0, r - r*) / max(r_ref - 1, epsilon)
 *   loss = lambda stopgrad(e)^kappa e
 *        + severity eta / (2 B d s^2) |Z - stopgrad(mean + s G)|^2
 * </pre>
 *
 * with s the root mean square of Zc, without gradient, and G standard normal. Without variance, s =
 * 0, the second term is 0: there is nothing left to take away.
 */
public final class CollapseLoss {
  private final RankMeasure measure;
  private final CollapseLossOptions options;

  /** A loss on the given rank. */
  public CollapseLoss(RankMeasure measure, CollapseLossOptions options) {
    this.measure = measure;
    this.options = options;
  }

  /**
   * The loss, a scalar.
   *
   * @param embedding Z [B, d]
   * @param severity from 0 to 1
   * @param reference r_ref, at least 1: {@link RankReference#value()}
   * @param key names the draws G
   * @throws IllegalArgumentException if severity or reference are out of range or {@link
   *     RankMeasure#of} refuses the embedding
   */
  public Variable of(Variable embedding, double severity, double reference, RandomKey key) {
    Severity.require(severity);
    if (!(reference >= 1 && reference < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "collapse loss: the reference rank must be finite and at least 1, got " + reference);
    }
    Variable spectral = spectral(measure.of(embedding), severity, reference);
    double anchor = severity * options.anchor();
    return anchor == 0 ? spectral : Elementwise.add(spectral, anchor(embedding, anchor, key));
  }

  private Variable spectral(Variable rank, double severity, double reference) {
    double target = 1 + (1 - severity) * (reference - 1);
    double unit = Math.max(reference - 1, options.epsilon());
    Variable excess = Elementwise.relu(Elementwise.affine(rank, 1 / unit, -target / unit));
    double weight = options.weight() * Math.pow(excess.tensor().item(), options.exponent());
    return Elementwise.scale(excess, weight);
  }

  private static Variable anchor(Variable z, double eta, RandomKey key) {
    Tape tape = z.tape();
    Variable value = z.detach();
    CentredEmbedding centred = CentredEmbedding.of("collapse loss", value);
    if (centred.constant()) {
      return tape.constant(0, z.dtype());
    }
    double square = Reduction.mean(Elementwise.square(centred.matrix())).tensor().item();
    double size = Math.sqrt(square) / centred.scale();
    Variable mean = Reduction.meanTo(value, Shape.of(1, z.shape().dim(1)));
    Variable draws = tape.constant(tape.ops().normal(key, z.dtype(), z.shape()));
    Variable target = Elementwise.add(mean, Elementwise.scale(draws, size));
    Variable distance = Elementwise.scale(Elementwise.subtract(z, target), 1 / size);
    return Elementwise.scale(Reduction.mean(Elementwise.square(distance)), eta / 2);
  }
}
