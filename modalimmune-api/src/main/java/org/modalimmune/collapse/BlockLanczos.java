package org.modalimmune.collapse;

import java.util.Arrays;
import java.util.Optional;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * Largest eigenvalue by block Lanczos with a block of two, full reorthogonalisation and thick
 * restarts (Parlett, "The Symmetric Eigenvalue Problem", SIAM 1998, chapter 13; Wu and Simon,
 * "Thick-restart Lanczos method for large symmetric eigenvalue problems", SIAM J. Matrix Anal.
 * Appl. 22, 2000). The second vector is there to see a double eigenvalue, to which one vector is
 * blind.
 *
 * <p>What a product has outside the basis is both the next direction and, times an eigenvector of
 * the section, the residual of a Ritz pair: eigenvectors of M itself are formed only where that
 * says that they have converged.
 */
final class BlockLanczos {
  /** Basis size at which only the leading Ritz vectors are kept. */
  private static final int LARGEST_BASIS = 40;

  private static final int KEPT = 8;
  private static final int BLOCK = 2;

  /** Orders of M up to which a test for convergence costs more than some blocks of products. */
  private static final int CHEAP_PRODUCTS = 128;

  private static final int MODERATE_PRODUCTS = 512;

  /** Change of the second Ritz value from test to test, relative to the gap, when it is settled. */
  private static final double SETTLED = 0x1p-8;

  /** Residual relative to the gap, about the error of the vector, to which it is found. */
  private static final double DIRECTION = 0x1p-15;

  /** Residual in unit roundoffs that rounding of the products hardly goes below. */
  private static final double FLOOR = 16;

  /** Gap in unit roundoffs at which no direction is to be found. */
  private static final double TIE = 1024;

  // what remains of a vector inside the span of the basis
  private static final double DEPENDENT = 0x1p-50;

  // what has to remain of an orthogonalised vector for its rest to be orthogonal to working
  // accuracy
  private static final double LITTLE = 0x1p-3;

  private final GramOperator m;
  private final int n;
  private final double[][] basis;
  private final double[][] images;
  // lower triangle of the basis's section of M
  private final double[][] section = new double[LARGEST_BASIS][LARGEST_BASIS];
  private final SmallEigen eigen = new SmallEigen(LARGEST_BASIS);
  // what the last block's products have outside the basis
  private final double[][] outside;
  // of the products as a whole
  private final double[] lengths = new double[BLOCK];
  private final double[] coefficients = new double[LARGEST_BASIS];
  private int size;
  private int pending;
  private int products;

  private BlockLanczos(GramOperator m) {
    this.m = m;
    this.n = m.size();
    int most = Math.min(LARGEST_BASIS, n);
    this.basis = new double[most][n];
    this.images = new double[most][n];
    this.outside = new double[BLOCK][n];
  }

  /**
   * The leading pair, to |M v - l v| at most {@code tolerance} l.
   *
   * @param start guess of the vector, [n]; seeded draws where absent
   * @param unitRoundoff of the numbers that M comes from
   */
  static TopEigenpair solve(
      GramOperator m,
      Optional<double[]> start,
      RandomKey key,
      double unitRoundoff,
      double tolerance,
      int maximalProducts) {
    return new BlockLanczos(m).run(start, key, unitRoundoff, tolerance, maximalProducts);
  }

  private TopEigenpair run(
      Optional<double[]> start,
      RandomKey key,
      double unitRoundoff,
      double tolerance,
      int maximalProducts) {
    begin(start, new RandomStream(key));
    double second = 0;
    int interval = n <= CHEAP_PRODUCTS ? 4 : n <= MODERATE_PRODUCTS ? 2 : 1;
    for (int block = 1; ; block++) {
      int grown = expand();
      boolean exhausted = grown == 0 || size == n;
      boolean last = exhausted || products + BLOCK > maximalProducts;
      boolean full = size + BLOCK > LARGEST_BASIS;
      if (!last && !full && block % interval != 0) {
        continue;
      }
      eigen.decompose(section, size, Math.min(BLOCK, size));
      double first = eigen.value(0);
      double allowed = tolerance * first;
      // of order 1 there is no gap, only l itself
      double next = size < 2 ? 0 : eigen.value(1);
      double gap = first - next;
      double direction = Math.max(DIRECTION * gap, FLOOR * unitRoundoff * first);
      double enough = gap <= TIE * unitRoundoff * first ? allowed : Math.min(allowed, direction);
      // a gap known to a tenth, or a tie known as well as anything; and settled, since a start
      // that was all but exact leaves a second Ritz pair of little meaning at first
      boolean separated =
          size < 2
              || (residual(1, grown) <= Math.max(0.1 * gap, allowed)
                  && Math.abs(next - second) <= SETTLED * gap + allowed);
      second = next;
      if (last || (separated && residual(0, grown) <= enough)) {
        TopEigenpair pair = pair(exhausted, enough, second);
        if (last || pair.converged()) {
          return pair;
        }
      }
      if (full) {
        restart();
      }
    }
  }

  /** The first block: the start, or a draw, and a draw. */
  private void begin(Optional<double[]> start, RandomStream random) {
    for (int b = 0; b < BLOCK; b++) {
      if (b == 0 && start.isPresent()) {
        System.arraycopy(start.get(), 0, outside[b], 0, n);
      } else {
        for (int i = 0; i < n; i++) {
          outside[b][i] = random.nextGaussian();
        }
      }
      lengths[b] = HostVectors.norm(outside[b]);
    }
    pending = BLOCK;
  }

  /**
   * Adds what is pending to the basis, and what its products have outside to what is pending.
   *
   * @return how many vectors were added
   */
  private int expand() {
    int before = size;
    for (int b = 0; b < pending && size < n; b++) {
      add(outside[b], lengths[b]);
    }
    int grown = size - before;
    if (grown == 0) {
      return 0;
    }
    m.apply(basis, before, size, images);
    products += grown;
    for (int b = 0; b < grown; b++) {
      int i = before + b;
      System.arraycopy(images[i], 0, outside[b], 0, n);
      lengths[b] = HostVectors.norm(images[i]);
      HostVectors.orthogonalise(basis, 0, size, outside[b], section[i]);
      if (b > 0) {
        // both of a block saw this element
        section[i][i - 1] = (section[i][i - 1] + section[i - 1][i]) / 2;
      }
    }
    pending = grown;
    return grown;
  }

  /**
   * Adds to the basis what x has outside it, if that is more than rounding. Always a second time:
   * what one orthogonalisation leaves of the older vectors grows from block to block.
   *
   * @param whole length of what x was before the basis's part was taken off
   */
  private void add(double[] x, double whole) {
    double length = HostVectors.norm(x);
    if (!(length > DEPENDENT * whole)) {
      return;
    }
    do {
      HostVectors.scale(1 / length, x);
      HostVectors.orthogonalise(basis, 0, size, x, coefficients);
      length = HostVectors.norm(x);
      if (!(length > DEPENDENT)) {
        return;
      }
    } while (length < LITTLE);
    System.arraycopy(x, 0, basis[size], 0, n);
    HostVectors.scale(1 / length, basis[size]);
    size++;
  }

  /** |M v - l v| of a Ritz pair, from what the last block's products have outside the basis. */
  private double residual(int pair, int grown) {
    double[] s = eigen.vector(pair);
    if (grown == 1) {
      return Math.abs(s[size - 1]) * HostVectors.norm(outside[0]);
    }
    double p = s[size - 2];
    double q = s[size - 1];
    double square =
        p * p * HostVectors.dot(outside[0], outside[0])
            + 2 * p * q * HostVectors.dot(outside[0], outside[1])
            + q * q * HostVectors.dot(outside[1], outside[1]);
    return Math.sqrt(Math.max(0, square));
  }

  /** The leading pair with its residual as the products have it. */
  private TopEigenpair pair(boolean exhausted, double enough, double second) {
    double l = eigen.value(0);
    double[] v = new double[n];
    HostVectors.combine(basis, 0, size, eigen.vector(0), 1, v);
    double[] r = HostVectors.scaled(-l, v);
    HostVectors.combine(images, 0, size, eigen.vector(0), 1, r);
    double residual = HostVectors.norm(r);
    HostVectors.scale(1 / HostVectors.norm(v), v);
    boolean converged = exhausted || residual <= enough;
    return new TopEigenpair(l, v, Math.max(0, second), residual, products, converged);
  }

  /** Keeps the leading Ritz vectors; what is pending is outside their span as it was before. */
  private void restart() {
    eigen.decompose(section, size, KEPT);
    double[][] vectors = new double[KEPT][n];
    double[][] moved = new double[KEPT][n];
    for (int i = 0; i < KEPT; i++) {
      HostVectors.combine(basis, 0, size, eigen.vector(i), 1, vectors[i]);
      HostVectors.combine(images, 0, size, eigen.vector(i), 1, moved[i]);
    }
    for (int i = 0; i < KEPT; i++) {
      System.arraycopy(vectors[i], 0, basis[i], 0, n);
      System.arraycopy(moved[i], 0, images[i], 0, n);
      Arrays.fill(section[i], 0, KEPT, 0);
      section[i][i] = eigen.value(i);
    }
    size = KEPT;
  }
}
