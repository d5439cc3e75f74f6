package org.modalimmune.collapse;

import java.util.Optional;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Stable rank of an embedding's covariance S = Zc'Zc/(B - 1), Zc = Z minus its column means:
 *
 * <pre>
 *   r = tr(S) / l1 = |Zc|_F^2 / |Zc|_2^2      dr/dZ = 2 / ((B - 1) l1) (Zc - r (Zc v) v')
 * </pre>
 *
 * with l1 the largest eigenvalue of S and v its eigenvector (Rudelson and Vershynin, "Sampling from
 * large matrices", J. ACM 2007). Needs no eigendecomposition; S or its B x B counterpart is formed
 * only where that is cheaper. {@code spec/collapse.md} has the cost model, the edge cases and the
 * accuracy.
 */
public final class StableRank implements RankMeasure {
  private static final String NAME = "stable rank";

  /** Products expected of an iteration without and with a good start; for the cost model only. */
  private static final int COLD = 24;

  private static final int WARM = 8;

  /** Relative eigengap, in unit roundoffs, below which v has hardly a digit left. */
  private static final double TIE = 1024;

  private final StableRankOptions options;

  /** With default options. */
  public StableRank() {
    this(StableRankOptions.defaults());
  }

  /** With the given options. */
  public StableRank(StableRankOptions options) {
    this.options = options;
  }

  @Override
  public Variable of(Variable embedding) {
    return analyse(embedding).rank();
  }

  /** Rank, accuracy and leading direction, from a seeded start. */
  public StableRankResult analyse(Variable embedding) {
    return analyse(embedding, Optional.empty());
  }

  /**
   * Rank, accuracy and leading direction.
   *
   * @param embedding Z [B, d]
   * @param start guess of the leading direction, [d]: that of the previous step
   * @throws IllegalArgumentException as {@link #of}, or if the start has another length, is not
   *     finite or is 0
   */
  public StableRankResult analyse(Variable embedding, double[] start) {
    return analyse(embedding, Optional.of(start));
  }

  private StableRankResult analyse(Variable z, Optional<double[]> start) {
    CentredEmbedding centred = CentredEmbedding.of(NAME, z);
    start.ifPresent(v -> requireStart(v, z.shape()));
    Tape tape = z.tape();
    if (centred.constant()) {
      return new StableRankResult(
          tape.constant(1, z.dtype()), 1, 0, 0, 0, axis(z.shape()), 0, true, z.shape().dim(1) > 1);
    }
    Variable a = centred.matrix();
    Tensor matrix = a.tensor();
    Backend backend = tape.backend();
    long rows = z.shape().dim(0);
    long columns = z.shape().dim(1);
    GramProducts products = new GramProducts(backend, matrix);
    boolean formed = FormedGram.isCheaper(rows, columns, start.isPresent() ? WARM : COLD);
    GramOperator gram = formed ? new FormedGram(backend, matrix) : products;
    Optional<double[]> guess = start.map(v -> rows < columns ? products.multiply(false, v)[0] : v);
    TopEigenpair pair =
        BlockLanczos.solve(
            backend,
            gram,
            guess,
            options.key(),
            options.tolerance() * gram.unitRoundoff(),
            options.maximalProducts());
    double second = columns == 1 ? 0 : pair.second();
    boolean tied = pair.value() - second <= TIE * z.dtype().unitRoundoff() * pair.value();
    LeadingDirection leading = new LeadingDirection(tape, matrix, gram, products, pair, tied);
    Variable trace = Reduction.dot(a, a);
    Variable rank = Elementwise.divide(trace, leading.eigenvalue(a));
    double toCovariance = 1 / centred.scale() / centred.scale() / (rows - 1);
    return new StableRankResult(
        rank,
        Math.clamp(rank.tensor().item(), 1, (double) Math.min(rows - 1, columns)),
        pair.value() * toCovariance,
        (pair.value() - second) * toCovariance,
        pair.residual() * toCovariance,
        leading.direction(),
        pair.products(),
        pair.converged(),
        tied);
  }

  private static void requireStart(double[] v, Shape shape) {
    double norm = HostVectors.norm(v);
    if (v.length != shape.dim(1) || !Double.isFinite(norm) || norm == 0) {
      throw new IllegalArgumentException(
          NAME
              + ": the start must be a finite vector other than 0 of length "
              + shape.dim(1)
              + ", got length "
              + v.length
              + " and norm "
              + norm
              + "; take the direction of the previous result");
    }
  }

  private static double[] axis(Shape shape) {
    double[] v = new double[Math.toIntExact(shape.dim(1))];
    v[0] = 1;
    return v;
  }
}
