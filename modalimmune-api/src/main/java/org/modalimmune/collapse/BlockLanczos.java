package org.modalimmune.collapse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/**
 * Largest eigenvalue by Rayleigh-Ritz on a growing orthonormal basis. Each step adds the residuals
 * of the two leading Ritz pairs, which spans the same space as block Lanczos with a block of two
 * (Parlett, "The Symmetric Eigenvalue Problem", SIAM 1998, chapter 13) and survives restarts. The
 * second vector is there to see a double eigenvalue, to which one vector is blind.
 */
final class BlockLanczos {
  /** Basis size at which only the leading Ritz vectors are kept. */
  private static final int LARGEST_BASIS = 40;

  private static final int KEPT = 8;

  /** Change of the second Ritz value in one step, relative to the gap, at which it has settled. */
  private static final double SETTLED = 0x1p-8;

  /** Residual relative to the gap, about the error of the vector, to which it is found. */
  private static final double DIRECTION = 0x1p-15;

  /** Residual in unit roundoffs that rounding of the products hardly goes below. */
  private static final double FLOOR = 16;

  /** Gap in unit roundoffs at which no direction is to be found. */
  private static final double TIE = 1024;

  // what remains of a vector inside the span of the basis after one orthogonalisation
  private static final double DEPENDENT = 0x1p-46;

  private final Backend backend;
  private final GramOperator m;
  private final List<double[]> basis = new ArrayList<>();
  private final List<double[]> images = new ArrayList<>();
  // lower triangle of the basis's section of M, known up to some row
  private final double[][] section = new double[LARGEST_BASIS][LARGEST_BASIS];
  private int projected;
  private int products;

  private BlockLanczos(Backend backend, GramOperator m) {
    this.backend = backend;
    this.m = m;
  }

  /**
   * The leading pair, to |M v - l v| at most {@code tolerance} l.
   *
   * @param start guess of the vector, [n]; seeded draws where absent
   */
  static TopEigenpair solve(
      Backend backend,
      GramOperator m,
      Optional<double[]> start,
      RandomKey key,
      double tolerance,
      int maximalProducts) {
    return new BlockLanczos(backend, m).run(start, key, tolerance, maximalProducts);
  }

  private TopEigenpair run(
      Optional<double[]> start, RandomKey key, double tolerance, int maximalProducts) {
    RandomStream random = new RandomStream(key);
    List<double[]> candidates = new ArrayList<>();
    candidates.add(start.orElseGet(() -> draw(random)));
    candidates.add(draw(random));
    double second = 0;
    while (true) {
      boolean grown = expand(candidates);
      Ritz top = ritz();
      double[] first = top.residual(0);
      double residual = HostVectors.norm(first);
      boolean leading = residual <= tolerance * top.value(0) && determines(top, residual);
      candidates.clear();
      candidates.add(first);
      boolean separated = basis.size() < 2;
      if (!separated) {
        double[] next = top.residual(1);
        double gap = top.value(0) - top.value(1);
        // a gap known to a tenth, or a tie known as well as anything; and settled, since a start
        // that was all but exact leaves a second Ritz pair of little meaning at first
        separated =
            HostVectors.norm(next) <= Math.max(0.1 * gap, tolerance * top.value(0))
                && Math.abs(top.value(1) - second) <= SETTLED * gap + tolerance * top.value(0);
        second = top.value(1);
        candidates.add(next);
      }
      boolean exhausted = !grown || basis.size() == m.size();
      if ((leading && separated) || exhausted || products + 2 > maximalProducts) {
        double[] v = top.vector(0);
        double[] unit = HostVectors.scaled(1 / HostVectors.norm(v), v);
        return new TopEigenpair(
            top.value(0), unit, Math.max(0, second), residual, products, leading || exhausted);
      }
      if (basis.size() + 2 > LARGEST_BASIS) {
        restart(top);
      }
    }
  }

  /** Whether the vector is known to a few digits, as well as rounding allows, or is one of many. */
  private boolean determines(Ritz top, double residual) {
    double gap = basis.size() < 2 ? top.value(0) : top.value(0) - top.value(1);
    double unit = m.unitRoundoff() * top.value(0);
    return residual <= DIRECTION * gap || residual <= FLOOR * unit || gap <= TIE * unit;
  }

  private double[] draw(RandomStream random) {
    double[] x = new double[m.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextGaussian();
    }
    return x;
  }

  /** Adds what the candidates have outside the basis; false if that is nothing. */
  private boolean expand(List<double[]> candidates) {
    int before = basis.size();
    for (double[] candidate : candidates) {
      double length = HostVectors.norm(candidate);
      if (basis.size() == m.size() || length == 0) {
        continue;
      }
      double[] x = HostVectors.scaled(1 / length, candidate);
      orthogonalise(x);
      double remains = HostVectors.norm(x);
      if (remains > DEPENDENT) {
        x = HostVectors.scaled(1 / remains, x);
        orthogonalise(x);
        basis.add(HostVectors.scaled(1 / HostVectors.norm(x), x));
      }
    }
    if (basis.size() == before) {
      return false;
    }
    double[][] added = basis.subList(before, basis.size()).toArray(double[][]::new);
    images.addAll(List.of(m.apply(added)));
    products += added.length;
    return true;
  }

  private void orthogonalise(double[] x) {
    for (double[] q : basis) {
      HostVectors.axpy(-HostVectors.dot(q, x), q, x);
    }
  }

  private Ritz ritz() {
    int k = basis.size();
    double[] t = new double[k * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j <= i; j++) {
        if (i >= projected) {
          section[i][j] =
              (HostVectors.dot(basis.get(i), images.get(j))
                      + HostVectors.dot(basis.get(j), images.get(i)))
                  / 2;
        }
        t[i * k + j] = section[i][j];
        t[j * k + i] = section[i][j];
      }
    }
    projected = k;
    try (Scope scope = backend.newScope()) {
      Ops.SymmetricEigen eigen =
          backend.ops(scope).symmetricEigen(scope.of(DType.FLOAT64, Shape.of(k, k), t));
      return new Ritz(eigen.values().toDoubleArray(), eigen.vectors().toDoubleArray());
    }
  }

  private void restart(Ritz top) {
    List<double[]> vectors = new ArrayList<>();
    List<double[]> products = new ArrayList<>();
    for (int i = 0; i < KEPT; i++) {
      vectors.add(top.vector(i));
      products.add(top.combine(images, i));
    }
    projected = 0;
    basis.clear();
    basis.addAll(vectors);
    images.clear();
    images.addAll(products);
  }

  /** Eigenvalues and eigenvectors of the basis's section of M. */
  private final class Ritz {
    private final double[] values;
    private final double[] coefficients;

    Ritz(double[] values, double[] coefficients) {
      this.values = values;
      this.coefficients = coefficients;
    }

    double value(int i) {
      return values[i];
    }

    double[] vector(int i) {
      return combine(basis, i);
    }

    double[] residual(int i) {
      double[] r = combine(images, i);
      HostVectors.axpy(-values[i], vector(i), r);
      return r;
    }

    double[] combine(List<double[]> vectors, int i) {
      double[] sum = new double[m.size()];
      for (int j = 0; j < values.length; j++) {
        HostVectors.axpy(coefficients[j * values.length + i], vectors.get(j), sum);
      }
      return sum;
    }
  }
}
