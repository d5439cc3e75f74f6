package org.modalimmune.hypergradient;

import org.modalimmune.random.RandomStream;

/**
 * Lanczos tridiagonalisation with full reorthogonalisation, each vector twice (Giraud, Langou,
 * Rozloznik and van den Eshof, Numer. Math. 101, 2005: twice is enough). Where the Krylov space is
 * exhausted it goes on with a fresh random vector, which only widens the range of Ritz values.
 */
final class LanczosProcess {
  private final LinearOperator h;
  private final RandomStream random;
  private final double[][] basis;

  LanczosProcess(LinearOperator h, int steps, RandomStream random) {
    this.h = h;
    this.random = random;
    this.basis = new double[steps][];
  }

  TridiagonalRange run() {
    int k = basis.length;
    int n = h.dimension();
    double[] diagonal = new double[k];
    double[] offDiagonal = new double[k];
    basis[0] = freshVector(0);
    double[] w = new double[n];
    double scale = 0;
    for (int j = 0; j < k; j++) {
      h.apply(basis[j], w);
      NonFiniteInputException.requireFinite("operator: product " + (j + 1), w);
      diagonal[j] = Euclidean.dot(basis[j], w);
      scale = Math.max(scale, Euclidean.norm(w));
      if (j + 1 == k) {
        break;
      }
      orthogonalise(w, j + 1);
      double norm = Euclidean.norm(w);
      if (norm <= 4 * RoundingError.gamma(n) * scale) {
        basis[j + 1] = freshVector(j + 1);
      } else {
        offDiagonal[j] = norm;
        basis[j + 1] = scaled(w, norm);
      }
    }
    return new TridiagonalRange(diagonal, offDiagonal, k);
  }

  /** Uniform on the unit sphere of the complement of the first {@code size} vectors. */
  private double[] freshVector(int size) {
    double[] x = new double[h.dimension()];
    double norm = 0;
    // a remainder that small would be rounding alone
    while (!(norm > 0x1p-20)) {
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextGaussian();
      }
      orthogonalise(x, size);
      norm = Euclidean.norm(x);
    }
    double[] unit = scaled(x, norm);
    if (size > 0) {
      orthogonalise(unit, size);
      unit = scaled(unit, Euclidean.norm(unit));
    }
    return unit;
  }

  private void orthogonalise(double[] x, int size) {
    for (int pass = 0; pass < 2; pass++) {
      int i = 0;
      for (; i <= size - 4; i += 4) {
        Euclidean.removeFour(x, basis[i], basis[i + 1], basis[i + 2], basis[i + 3]);
      }
      for (; i < size; i++) {
        Euclidean.addScaled(x, -Euclidean.dot(basis[i], x), basis[i]);
      }
    }
  }

  private static double[] scaled(double[] x, double divisor) {
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      result[i] = x[i] / divisor;
    }
    return result;
  }
}
