package org.modalimmune.collapse;

import java.util.Optional;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Pullback;
import org.modalimmune.autodiff.Rule;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
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

  /** Relative eigengap, in unit roundoffs, below which v has hardly a digit left. */
  private static final double TIE = 1024;

  /** Exponents of Z's largest magnitude up to which squares of deviations stay in range. */
  private static final int SAFE_FLOAT = 60;

  private static final int SAFE_DOUBLE = 300;

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
    CentredEmbedding.requireShape(NAME, z.shape());
    start.ifPresent(v -> requireStart(v, z.shape()));
    Tape tape = z.tape();
    Ops ops = tape.ops();
    Tensor dense = z.tensor().stride(1) == 1 ? z.tensor() : ops.copy(z.tensor());
    double[] moments = ops.gram().columnMoments(dense, dense.select(0, 0)).toDoubleArray();
    double largest = magnitude(moments, z.shape().dim(1));
    CentredEmbedding.requireFinite(NAME, z.shape(), largest);
    int exponent = largest == 0 ? 0 : Math.getExponent(largest);
    if (Math.abs(exponent) > (z.dtype() == DType.FLOAT32 ? SAFE_FLOAT : SAFE_DOUBLE)) {
      return scaled(z, -exponent, start);
    }
    CentredColumns columns = CentredColumns.of(ops, dense, moments);
    if (columns.scale() == 0) {
      return new StableRankResult(
          tape.constant(1, z.dtype()), 1, 0, 0, 0, axis(z.shape()), 0, true, z.shape().dim(1) > 1);
    }
    return centred(z, dense, columns, start);
  }

  /** The rank does not change with scale: brings numbers whose squares leave the range near 1. */
  private StableRankResult scaled(Variable z, int exponent, Optional<double[]> start) {
    int half = exponent / 2;
    Variable near =
        Elementwise.scale(
            Elementwise.scale(z, Math.scalb(1.0, half)), Math.scalb(1.0, exponent - half));
    StableRankResult r = analyse(near, start);
    return new StableRankResult(
        r.rank(),
        r.value(),
        Math.scalb(r.largest(), -2 * exponent),
        Math.scalb(r.gap(), -2 * exponent),
        Math.scalb(r.residual(), -2 * exponent),
        r.direction(),
        r.products(),
        r.converged(),
        r.tied());
  }

  private StableRankResult centred(
      Variable z, Tensor dense, CentredColumns columns, Optional<double[]> start) {
    Tape tape = z.tape();
    Backend backend = tape.backend();
    long rows = z.shape().dim(0);
    long width = z.shape().dim(1);
    GramProducts products = new GramProducts(tape.ops(), dense, columns.affine());
    double unit = z.dtype().unitRoundoff();
    GramCosts costs = GramCosts.of(rows, width);
    GramOperator gram;
    TopEigenpair pair;
    switch (costs.best()) {
      case DECOMPOSE -> {
        FormedGram formed = form(backend, dense, columns);
        gram = formed;
        pair = formed.leading(options.tolerance() * unit);
      }
      case FORM -> {
        gram = form(backend, dense, columns);
        pair = iterate(gram, products, z, start);
      }
      default -> {
        gram = new AdaptiveGram(products, () -> form(backend, dense, columns), costs.patience());
        pair = iterate(gram, products, z, start);
      }
    }
    double second = width == 1 ? 0 : pair.second();
    boolean tied = pair.value() - second <= TIE * unit * pair.value();
    LeadingDirection leading = new LeadingDirection(tape, dense, gram, products, pair, tied);
    double value = columns.trace() / pair.value();
    Variable rank =
        tape.record(
            tape.ops().full(value, z.dtype(), Shape.of()),
            Rule.named("stable rank", p -> pullBack(p, dense, columns, leading, value, pair)),
            z);
    double toCovariance = 1 / columns.scale() / columns.scale() / (rows - 1);
    return new StableRankResult(
        rank,
        Math.clamp(value, 1, (double) Math.min(rows - 1, width)),
        pair.value() * toCovariance,
        (pair.value() - second) * toCovariance,
        pair.residual() * toCovariance,
        leading.direction(),
        pair.products(),
        pair.converged(),
        tied);
  }

  private TopEigenpair iterate(
      GramOperator gram, GramProducts products, Variable z, Optional<double[]> start) {
    boolean wide = z.shape().dim(0) < z.shape().dim(1);
    double unit = z.dtype().unitRoundoff();
    return BlockLanczos.solve(
        gram,
        start.map(v -> wide ? products.multiply(false, v) : v),
        options.key(),
        unit,
        options.tolerance() * unit,
        options.maximalProducts());
  }

  /** One pass over Z; written in recorded operations if it is to be differentiated again. */
  private static void pullBack(
      Pullback p,
      Tensor dense,
      CentredColumns columns,
      LeadingDirection leading,
      double rank,
      TopEigenpair pair) {
    Tape tape = p.tape();
    if (p.isDifferentiable()) {
      CentredEmbedding centred = CentredEmbedding.of(NAME, p.input(0));
      double ratio = columns.scale() / centred.scale();
      Variable gradient = leading.rankGradient(Elementwise.scale(centred.matrix(), ratio));
      Variable inZ = Elementwise.scale(gradient, columns.scale());
      p.add(0, Elementwise.multiply(inZ, p.cotangent()));
      return;
    }
    Ops ops = tape.ops();
    double[] v = leading.direction();
    Tensor direction = ops.scope().of(DType.FLOAT64, Shape.of(v.length), v);
    double factor = 2 * columns.scale() / pair.value();
    p.add(
        0,
        tape.constant(
            ops.gram()
                .deflate(
                    dense, columns.affine(), direction, rank, factor, p.cotangent().tensor())));
  }

  private static FormedGram form(Backend backend, Tensor z, CentredColumns columns) {
    try (Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Tensor none = ops.full(0, DType.FLOAT64, Shape.of(z.shape().dim(1)));
      Tensor one = ops.full(1, z.dtype(), Shape.of());
      return new FormedGram(backend, ops.gram().deflate(z, columns.affine(), none, 0, 1, one));
    }
  }

  /** Largest magnitude of an element, NaN if there is one, from the extremes of the columns. */
  private static double magnitude(double[] moments, long width) {
    double largest = 0;
    for (int j = (int) (2 * width); j < moments.length; j++) {
      largest = Math.max(largest, Math.abs(moments[j]));
    }
    return largest;
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
