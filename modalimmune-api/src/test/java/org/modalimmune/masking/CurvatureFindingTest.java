package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.hypergradient.LanczosBound;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.hypergradient.NonFiniteInputException;
import org.modalimmune.masking.CurvatureFinding.Verdict;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

class CurvatureFindingTest {
  /** Five standard deviations; the starts are fixed, so that a run gives the same counts again. */
  private static final double SIGMAS = 5;

  /**
   * An eigenvalue -1 under n - 1 others placed where the proof's polynomial is extremal. With the
   * threshold at -(1 - eps) of the width it is missed with probability p / 2 at most, and the lower
   * bound is wrong as seldom.
   */
  @Test
  void missesNoOftenerThanItStates() {
    int runs = 20_000;
    int n = 40;
    for (double p : new double[] {0.9, 0.3}) {
      double resolution = 0.12;
      int k = LanczosBound.steps(n, p, resolution);
      assertTrue(k < n, "the basis must not be complete");
      double[] spectrum = new double[n];
      for (int i = 0; i < n - 1; i++) {
        double sine = Math.sin(Math.PI * (i % k) / (2 * k - 1.0));
        spectrum[i] = -(1 - resolution) * sine * sine;
      }
      spectrum[n - 1] = -1;
      FreezeOptions options = new FreezeOptions(1 - resolution, p, resolution, 1, RandomKey.of(0));
      int missed = 0;
      int wrong = 0;
      for (int i = 0; i < runs; i++) {
        CurvatureFinding f = CurvatureFinding.of(diagonal(spectrum), options, RandomKey.of(i), 0);
        assertEquals(p, f.failureProbability());
        missed += f.freezes() ? 0 : 1;
        wrong += f.lower() > -1 ? 1 : 0;
        assertTrue(f.smallestRitz() + f.rounding() >= -1);
      }
      String found = missed + " and " + wrong + " of " + runs + " at p = " + p + ", k = " + k;
      assertTrue(missed <= atMost(runs, p / 2), found);
      assertTrue(wrong <= atMost(runs, p), found);
      // were there never a miss, the spectrum would be too easy to tell anything
      assertTrue(missed >= runs * p / 50, found);
    }
  }

  private static double atMost(int runs, double p) {
    return runs * p + SIGMAS * Math.sqrt(runs * p * (1 - p));
  }

  /** Whatever the steps and the draws: what is called proved is true. */
  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void aProofIsNeverWrong(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    double[] spectrum = new double[n];
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      spectrum[i] = random.nextGaussian() + random.nextInt(2);
      smallest = Math.min(smallest, spectrum[i]);
    }
    double threshold = Math.abs(smallest) * (random.nextInt(2) == 0 ? 1 : random.nextDouble());
    FreezeOptions options = new FreezeOptions(threshold, 0.5, 0.4, 1, RandomKey.of(0));
    CurvatureFinding f = CurvatureFinding.of(diagonal(spectrum), options, RandomKey.of(seed), 0);
    assertFalse(f.freezes() && smallest >= -threshold, f::toString);
    if (f.products() == n) {
      assertEquals(0, f.failureProbability());
      assertTrue(f.lower() <= smallest, f::toString);
      if (smallest < -threshold - 2 * f.rounding()) {
        assertTrue(f.freezes(), f::toString);
      }
    }
  }

  @Test
  void verdicts() {
    assertEquals(Verdict.BELOW_THRESHOLD, finding(1, -1.5, 0.1, -2).verdict());
    assertEquals(Verdict.UNDECIDED, finding(1, -1.05, 0.1, -2).verdict());
    assertEquals(Verdict.UNDECIDED, finding(1, 0.5, 0.1, -1.01).verdict());
    assertEquals(Verdict.NOT_BELOW_THRESHOLD, finding(1, 0.5, 0.1, -1).verdict());
    assertEquals(Verdict.UNDECIDED, finding(0, 0, 1e-15, -1e-15).verdict());
  }

  @Test
  void aSemidefiniteOperatorNeverFreezes() {
    double[] gaussNewton = new double[30];
    for (int i = 0; i < 7; i++) {
      gaussNewton[i] = i * i;
    }
    FreezeOptions options = new FreezeOptions(0, 0.5, 0.4, 1, RandomKey.of(0));
    for (int i = 0; i < 200; i++) {
      CurvatureFinding f = CurvatureFinding.of(diagonal(gaussNewton), options, RandomKey.of(i), 0);
      assertFalse(f.freezes(), f::toString);
    }
  }

  @Test
  void oneParameterIsDecidedByOneProduct() {
    FreezeOptions options = new FreezeOptions(0.25, 1e-3, 0.05, 1, RandomKey.of(0));
    CurvatureFinding f =
        CurvatureFinding.of(diagonal(new double[] {-0.5}), options, RandomKey.of(3), 7);
    assertTrue(f.freezes());
    assertEquals(1, f.products());
    assertEquals(7, f.step());
    assertEquals(0, f.failureProbability());
  }

  @Test
  void refusals() {
    RandomKey key = RandomKey.of(0);
    assertThrows(IllegalArgumentException.class, () -> new FreezeOptions(-1, 0.1, 0.1, 1, key));
    assertThrows(IllegalArgumentException.class, () -> new FreezeOptions(1, 0, 0.1, 1, key));
    assertThrows(IllegalArgumentException.class, () -> new FreezeOptions(1, 1, 0.1, 1, key));
    assertThrows(IllegalArgumentException.class, () -> new FreezeOptions(1, 0.1, 0.5, 1, key));
    assertThrows(IllegalArgumentException.class, () -> new FreezeOptions(1, 0.1, 0, 1, key));
    assertThrows(IllegalArgumentException.class, () -> new FreezeOptions(1, 0.1, 0.1, 0, key));
    assertThrows(IllegalArgumentException.class, () -> finding(1, Double.NaN, 0, -1));
    assertThrows(IllegalArgumentException.class, () -> finding(1, 0, -1, -1));
    assertThrows(IllegalArgumentException.class, () -> finding(1, 0, 0, 1));
    FreezeOptions options = FreezeOptions.defaults();
    assertThrows(
        NonFiniteInputException.class,
        () -> CurvatureFinding.of(diagonal(new double[] {1, Double.NaN}), options, key, 0));
    assertThrows(IllegalArgumentException.class, () -> LanczosBound.steps(0, 0.1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> LanczosBound.steps(5, 1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> LanczosBound.steps(5, 0.1, 0.5));
  }

  private static CurvatureFinding finding(
      double threshold, double ritz, double rounding, double lower) {
    return new CurvatureFinding(threshold, ritz, rounding, lower, 0.1, 3, 0);
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
