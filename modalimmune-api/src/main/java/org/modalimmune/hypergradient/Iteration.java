package org.modalimmune.hypergradient;

/**
 * One recursion for H q = v. Each term updates q and the residual r in place with one product; r is
 * the recursion's own, near v - H q up to rounding.
 */
abstract class Iteration<V> {
  final VectorSpace<V> space;
  final V product;

  Iteration(VectorSpace<V> space) {
    this.space = space;
    this.product = space.zeros();
  }

  /** Forgets what was learnt from earlier residuals. */
  abstract void restart(V r);

  /** One term; false if the recursion cannot go on, with q and r unchanged. */
  abstract boolean step(V q, V r);

  static <V> Iteration<V> of(VectorSpace<V> space, SpectrumBounds spectrum, SolverOptions options) {
    return switch (options.method()) {
      case NEUMANN -> new NeumannIteration<>(space, step(options, spectrum));
      case CHEBYSHEV -> new ChebyshevIteration<>(space, spectrum);
      case CONJUGATE_GRADIENT -> new ConjugateGradientIteration<>(space);
    };
  }

  private static double step(SolverOptions options, SpectrumBounds spectrum) {
    // halved before they are added: the sum may overflow
    double optimal = 1 / (spectrum.lower() / 2 + spectrum.upper() / 2);
    double step = options.step().orElse(optimal);
    if (!(step * (spectrum.upper() / 2) < 1 || step == optimal)) {
      throw new IllegalArgumentException(
          "neumann: the series converges for steps below 2 / upper = "
              + 2 / spectrum.upper()
              + ", got "
              + step);
    }
    return step;
  }
}
