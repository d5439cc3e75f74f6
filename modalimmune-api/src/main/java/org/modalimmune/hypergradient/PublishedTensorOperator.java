package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/** {@link PublishedOperator}, A = I - a H, with vectors that stay on a backend. */
public final class PublishedTensorOperator implements TensorOperator {
  private final TensorOperator h;
  private final PublishedSeries series;
  private final double relativeError;

  /**
   * The operator of a given H and a.
   *
   * @param h symmetric; may be indefinite
   * @param step a > 0
   * @param spectrumOfH bounds on the eigenvalues of H
   * @throws IllegalArgumentException unless a max(|lower|, |upper|) < 1, without which the series
   *     diverges
   */
  public PublishedTensorOperator(TensorOperator h, double step, SpectrumBounds spectrumOfH) {
    this.h = h;
    this.series = PublishedSeries.of(step, spectrumOfH);
    try (Scope scope = h.backend().newScope()) {
      double unit = Blocks.unitRoundoff(h.newVector(scope));
      this.relativeError = series.relativeProductError(h.relativeProductError(), unit);
    }
  }

  @Override
  public Backend backend() {
    return h.backend();
  }

  @Override
  public List<Tensor> newVector(Scope scope) {
    return h.newVector(scope);
  }

  @Override
  public void apply(List<Tensor> x, List<Tensor> y) {
    h.apply(x, y);
    try (Scope scope = h.backend().newScope()) {
      Ops ops = h.backend().ops(scope);
      for (int i = 0; i < y.size(); i++) {
        ops.affineTo(y.get(i), -series.step(), 0, y.get(i));
        ops.axpy(1, x.get(i), y.get(i));
      }
    }
  }

  @Override
  public double relativeProductError() {
    return relativeError;
  }

  /** Bounds on the eigenvalues of A: [1 - a upper, 1 - a lower]. */
  public SpectrumBounds spectrum() {
    return series.spectrum();
  }

  /** As {@link PublishedOperator#tailBound}. */
  public double tailBound(int terms, List<Tensor> v) {
    return series.tailBound(terms, Blocks.read(v));
  }

  /** The published series, stopped as the options say; their step, if any, must be 1. */
  public TensorInverseProduct solve(List<Tensor> v, SolverOptions options, Scope results) {
    return TensorSolver.solve(this, v, series.spectrum(), PublishedSeries.series(options), results);
  }
}
