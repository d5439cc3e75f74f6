package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/** Closed forms, the definition of leading eigenpairs, and the reference backend. */
class SmallEigenTest {
  private static final int ROOM = 40;

  private final SmallEigen eigen = new SmallEigen(ROOM);

  /** Second differences: 2 - 2 cos(pi j / (n + 1)), with sines as vectors. */
  @Test
  void secondDifferencesHaveTheirClosedForm() {
    for (int n = 1; n <= ROOM; n++) {
      double[][] a = new double[n][n];
      for (int i = 0; i < n; i++) {
        a[i][i] = 2;
        if (i > 0) {
          a[i][i - 1] = -1;
        }
      }
      eigen.decompose(a, n, n);
      for (int i = 0; i < n; i++) {
        double angle = Math.PI * (n - i) / (n + 1);
        assertEquals(2 - 2 * Math.cos(angle), eigen.value(i), 32 * n * 0x1p-53);
      }
      double[] v = eigen.vector(0);
      for (int i = 0; i < n; i++) {
        double expected = Math.sin(Math.PI * n * (i + 1) / (n + 1)) * Math.sqrt(2.0 / (n + 1));
        // the top gap is about 3 pi^2 / n^2
        assertEquals(expected, v[i] * Math.signum(v[0]), 32.0 * n * n * n * 0x1p-53);
      }
    }
  }

  /** All ones beside a multiple of the identity: one eigenvalue apart, the others tied. */
  @Test
  void tiesAndZeroesAreExactToRounding() {
    int n = 12;
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i][j] = i == j ? 4 : 1;
      }
    }
    eigen.decompose(a, n, n);
    assertEquals(3 + n, eigen.value(0), 30 * n * 0x1p-52 * (3 + n));
    for (int i = 1; i < n; i++) {
      assertEquals(3, eigen.value(i), 30 * n * 0x1p-52 * (3 + n));
    }
    requireEigen(a, n, n);
    eigen.decompose(new double[n][n], n, n);
    for (int i = 0; i < n; i++) {
      assertEquals(0, eigen.value(i));
    }
    requireEigen(new double[n][n], n, n);
  }

  /** Bound: tolerances, 6.1. */
  @Property(tries = 200)
  void vectorsDiagonaliseAndAreOrthonormal(
      @ForAll @IntRange(min = 1, max = ROOM) int n,
      @ForAll @IntRange(min = 1, max = ROOM) int band,
      @ForAll @IntRange(min = -300, max = 300) int exponent,
      @ForAll @IntRange(min = 0, max = 3) int grading,
      @ForAll @IntRange(min = 1, max = 4) int pairs,
      @ForAll long seed) {
    int wanted = pairs > 2 ? n : Math.min(n, pairs);
    double[][] a = draw(n, band, grading, seed);
    for (double[] row : a) {
      for (int j = 0; j < n; j++) {
        row[j] = Math.scalb(row[j], exponent);
      }
    }
    eigen.decompose(a, n, wanted);
    requireEigen(a, n, wanted);
  }

  /** Of low rank and exact: what is left after the first reflections is rounding of rounding. */
  @Property(tries = 50)
  void sumsOfSignsAreDecomposed(
      @ForAll @IntRange(min = 1, max = ROOM) int n,
      @ForAll @IntRange(min = 0, max = 4) int rank,
      @ForAll @IntRange(min = 1, max = 4) int pairs,
      @ForAll long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    double[][] a = new double[n][n];
    for (int k = 0; k < rank; k++) {
      double[] signs = new double[n];
      for (int i = 0; i < n; i++) {
        signs[i] = Math.signum(random.nextGaussian());
        for (int j = 0; j <= i; j++) {
          a[i][j] += signs[i] * signs[j];
        }
      }
    }
    int wanted = pairs > 2 ? n : Math.min(n, pairs);
    eigen.decompose(a, n, wanted);
    requireEigen(a, n, wanted);
  }

  @Property(tries = 20)
  void valuesAgreeWithTheReferenceBackend(
      @ForAll @IntRange(min = 1, max = ROOM) int n, @ForAll long seed) {
    double[][] a = draw(n, n, 0, seed);
    double[] full = new double[n * n];
    double norm = 0;
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        full[i * n + j] = at(a, i, j);
        sum += Math.abs(full[i * n + j]);
      }
      norm = Math.max(norm, sum);
    }
    eigen.decompose(a, n, n);
    double bound = 60 * n * 0x1p-52 * norm;
    try (Backend reference = Backends.open("reference", BackendOptions.ofThreads(1));
        Scope scope = reference.newScope()) {
      Ops.SymmetricEigen expected =
          reference.ops(scope).symmetricEigen(scope.of(DType.FLOAT64, Shape.of(n, n), full));
      double[] values = expected.values().toDoubleArray();
      for (int i = 0; i < n; i++) {
        assertEquals(values[i], eigen.value(i), bound);
      }
    }
  }

  private static double[][] draw(int n, int band, int grading, long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = Math.max(0, i - band); j <= i; j++) {
        a[i][j] = Math.scalb(random.nextGaussian(), -grading * (i + j));
      }
    }
    return a;
  }

  private static double at(double[][] lower, int i, int j) {
    return i >= j ? lower[i][j] : lower[j][i];
  }

  /** |A V - V diag(w)| and |V'V - I|, columnwise in the 1-norm, and the order. */
  private void requireEigen(double[][] a, int n, int wanted) {
    double norm = 0;
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += Math.abs(at(a, i, j));
      }
      norm = Math.max(norm, sum);
    }
    for (int k = 0; k < wanted; k++) {
      double[] v = eigen.vector(k);
      double residual = 0;
      double overlap = 0;
      for (int i = 0; i < n; i++) {
        double image = -eigen.value(k) * v[i];
        for (int j = 0; j < n; j++) {
          image += at(a, i, j) * v[j];
        }
        residual += Math.abs(image);
      }
      for (int l = 0; l < wanted; l++) {
        double inner = l == k ? -1 : 0;
        for (int j = 0; j < n; j++) {
          inner += eigen.vector(l)[j] * v[j];
        }
        overlap += Math.abs(inner);
      }
      assertTrue(residual <= 30 * n * 0x1p-52 * norm, "residual " + residual);
      assertTrue(overlap <= 30 * n * 0x1p-52, "overlap " + overlap);
      assertTrue(k == 0 || eigen.value(k) <= eigen.value(k - 1));
    }
  }
}
