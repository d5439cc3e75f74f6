package org.modalimmune.hypergradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.hypergradient.Certificate.Probabilistic;
import org.modalimmune.random.RandomKey;

class LanczosBoundTest {
  /** Five standard deviations: a true rate of p passes but once in three million runs. */
  private static final double SIGMAS = 5;

  @Test
  void failsNoOftenerThanItStates() {
    int runs = 20_000;
    for (double p : new double[] {0.9, 0.2}) {
      for (int k : new int[] {4, 8}) {
        double[] spectrum = hardSpectrum(40, k, p);
        double eps = LanczosBound.relativeError(40, k, p);
        int oneEnd = 0;
        int either = 0;
        for (int i = 0; i < runs; i++) {
          LanczosBound b = LanczosBound.of(diagonal(spectrum), k, p, RandomKey.of(i));
          oneEnd += b.largestRitz() < 1 - eps ? 1 : 0;
          either += b.lower() > 0 || b.upper() < 1 ? 1 : 0;
        }
        String found = oneEnd + " and " + either + " of " + runs + " at p = " + p + ", k = " + k;
        assertTrue(oneEnd <= atMost(runs, p / 2), found);
        assertTrue(either <= atMost(runs, p), found);
        // were there never a miss, the spectrum would be too easy to tell anything
        assertTrue(oneEnd >= runs * p / 50, found);
      }
    }
  }

  private static double atMost(int runs, double p) {
    return runs * p + SIGMAS * Math.sqrt(runs * p * (1 - p));
  }

  @Test
  void certificatesFromItHoldAtTheirStatedFrequency() {
    int runs = 2000;
    double p = 0.25;
    int n = 30;
    double[] values = new double[n];
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = 0.5 + 9.5 * (i / (n - 1.0));
      v[i] = i == 0 ? 1 : 0.01;
    }
    int wrong = 0;
    int certified = 0;
    for (int i = 0; i < runs; i++) {
      SpectrumBounds s = LanczosBound.of(diagonal(values), 20, p, RandomKey.of(i)).spectrum();
      InverseProduct result =
          CertifiedSolver.solve(
              diagonal(values), v, s, SolverOptions.adaptive(Method.CHEBYSHEV, 1e-3, 200));
      if (result.certificate() instanceof Probabilistic c) {
        certified++;
        assertEquals(p, c.failureProbability());
        double[] error = result.solution();
        for (int j = 0; j < n; j++) {
          error[j] -= v[j] / values[j];
        }
        wrong += Euclidean.norm(error) > c.bound() ? 1 : 0;
      }
    }
    assertTrue(certified > runs / 2, certified + " of " + runs);
    assertTrue(wrong <= atMost(runs, p));
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void asManyStepsAsDimensionsGiveTheSpectrum(@ForAll long seed) {
    RandomProblem problem = RandomProblem.draw(seed);
    LanczosBound b = LanczosBound.of(problem.h(), 100, 1e-9, RandomKey.of(seed));
    SpectrumBounds s = problem.spectrum();
    assertEquals(problem.n(), b.products());
    int n = problem.n();
    // what the widening may be, and what the problem's own bounds are off by
    double rounding = problem.h().relativeProductError() + 4 * RoundingError.gamma(n + 8);
    double room = n * s.upper() * (4 * rounding + 130 * 0x1p-53 + 0x1p-23);
    assertEquals(s.lower(), b.lower(), room);
    assertEquals(s.upper(), b.upper(), room);
    double moved = n * s.upper() * (130 * 0x1p-53 + 0x1p-23);
    assertTrue(b.lower() <= s.lower() + moved && b.upper() >= s.upper() - moved);
  }

  @Property(tries = 100)
  void clustersAndMultiplesOfTheIdentityAreNoObstacle(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int distinct) {
    double[] values = new double[30];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + i % distinct;
    }
    LanczosBound b = LanczosBound.of(diagonal(values), 12, 1e-3, RandomKey.of(seed));
    assertTrue(b.lower() <= 1 && b.upper() >= distinct);
    assertEquals(1, b.smallestRitz(), 1e-12);
    assertEquals(distinct, b.largestRitz(), 1e-12);
  }

  @Test
  void indefiniteAndZeroOperators() {
    double[] values = new double[200];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.sin(i);
    }
    values[7] = -3;
    LanczosBound b = LanczosBound.of(diagonal(values), 40, 1e-6, RandomKey.of(1));
    assertTrue(b.lower() <= -3 && b.lower() > -3.6, b::toString);
    assertEquals(-3, b.smallestRitz(), 1e-9);
    LanczosBound zero = LanczosBound.of(diagonal(new double[9]), 9, 0.1, RandomKey.of(1));
    assertEquals(0, zero.largestRitz());
    assertTrue(zero.spectrum().upper() > 0);
  }

  @Test
  void equalKeysGiveEqualBounds() {
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    LanczosBound first = LanczosBound.of(diagonal(values), 8, 0.1, RandomKey.of(5));
    assertEquals(first, LanczosBound.of(diagonal(values), 8, 0.1, RandomKey.of(5)));
  }

  @Test
  void refusals() {
    LinearOperator h = diagonal(new double[1000]);
    RandomKey key = RandomKey.of(0);
    assertThrows(IllegalArgumentException.class, () -> LanczosBound.of(h, 50, 0, key));
    assertThrows(IllegalArgumentException.class, () -> LanczosBound.of(h, 50, 1, key));
    IllegalArgumentException few =
        assertThrows(IllegalArgumentException.class, () -> LanczosBound.of(h, 2, 0.01, key));
    String message = few.getMessage();
    int needed = Integer.parseInt(message.substring(message.lastIndexOf(' ') + 1));
    LanczosBound.of(h, needed, 0.01, key);
    assertThrows(IllegalArgumentException.class, () -> LanczosBound.of(h, needed - 1, 0.01, key));
    assertThrows(
        NonFiniteInputException.class,
        () -> LanczosBound.of(diagonal(new double[] {1, Double.NaN}), 2, 0.1, key));
  }

  /**
   * 0, 1 and between them many eigenvalues where the polynomial of the proof, T_{2k-1}, is
   * extremal: the isolated 1 is as hard to see from below as the proof allows.
   */
  private static double[] hardSpectrum(int n, int k, double p) {
    double eps = LanczosBound.relativeError(n, k, p);
    double[] values = new double[n];
    for (int i = 0; i < n - 1; i++) {
      double sine = Math.sin(Math.PI * (i % k) / (2 * k - 1.0));
      values[i] = (1 - eps) * sine * sine;
    }
    values[n - 1] = 1;
    return values;
  }

  private static LinearOperator diagonal(double[] values) {
    return new LinearOperator() {
      @Override
      public int dimension() {
        return values.length;
      }

      @Override
      public void apply(double[] x, double[] y) {
        for (int i = 0; i < values.length; i++) {
          y[i] = values[i] * x[i];
        }
      }
    };
  }
}
