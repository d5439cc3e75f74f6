package org.modalimmune.hypergradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.hypergradient.InnerSolve.Coverage;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

class BilevelProblemTest {
  private static final int PER_TRY = 50;

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void noComponentErrsByMoreThanItsBound(@ForAll long seed) {
    for (int s = 0; s < PER_TRY; s++) {
      RandomProblem p = RandomProblem.draw(seed + s);
      RandomStream random = new RandomStream(RandomKey.of(seed + s).fold("mixed"));
      int m = 1 + random.nextInt(4);
      double[] rows = new double[m * p.n()];
      double[] direct = new double[m];
      for (int i = 0; i < m; i++) {
        direct[i] = random.nextGaussian();
        double size = Math.pow(10, random.nextDouble() * 6 - 3);
        for (int j = 0; j < p.n(); j++) {
          rows[i * p.n() + j] = size * random.nextGaussian();
        }
      }
      DenseMixed mixed = new DenseMixed(p.n(), rows);
      Method method = random.nextInt(2) == 0 ? Method.CHEBYSHEV : Method.CONJUGATE_GRADIENT;
      HyperGradient g =
          new BilevelProblem(p.h(), p.spectrum(), mixed, p.v(), direct)
              .solve(SolverOptions.fixedTerms(method, random.nextInt(60)));
      double[] bounds = g.componentBounds().orElseThrow();
      double[][] exact = new ExactSolve(p.n(), p.a()).solve(p.v());
      for (int i = 0; i < m; i++) {
        double error = componentError(g.value()[i], direct[i], mixed.row(i), exact);
        double bound = bounds[i];
        assertTrue(
            error * (1 - 1e-10) <= bound,
            () -> "seed " + seed + ": " + error + " > " + bound + " " + p + " " + method);
      }
    }
  }

  /** |value - (direct - row x)| with the sums in twice float64's precision. */
  private static double componentError(double value, double direct, double[] row, double[][] x) {
    double sum = value;
    double low = 0;
    double[] terms = new double[row.length + 1];
    double[] rest = new double[row.length + 1];
    terms[0] = -direct;
    for (int j = 0; j < row.length; j++) {
      terms[j + 1] = row[j] * x[0][j];
      rest[j + 1] = Math.fma(row[j], x[0][j], -terms[j + 1]) + row[j] * x[1][j];
    }
    for (int j = 0; j < terms.length; j++) {
      double t = sum + terms[j];
      double z = t - sum;
      low += (sum - (t - z)) + (terms[j] - z) + rest[j];
      sum = t;
    }
    return Math.abs(sum + low);
  }

  /**
   * L_in = a theta^2 / 2 + c theta^4 / 12 - phi theta, L_out = (theta - t)^2 / 2 + phi^2 / 2: the
   * inner solution moves with 1 / (a + c theta^2), whose Lipschitz constants near theta are known.
   */
  @Property(tries = 2000)
  void anInexactInnerSolutionIsCovered(
      @ForAll @DoubleRange(min = 0.5, max = 2) double a,
      @ForAll @DoubleRange(min = 0, max = 3) double c,
      @ForAll @DoubleRange(min = -1, max = 1) double solution,
      @ForAll @DoubleRange(min = -0.2, max = 0.2) double off,
      @ForAll @DoubleRange(min = -2, max = 2) double target) {
    double phi = a * solution + c * solution * solution * solution / 3;
    double theta = solution + off;
    double curvature = a + c * theta * theta;
    double gradient =
        Math.abs(a * theta + c * theta * theta * theta / 3 - phi) * (1 + 1e-12) + 1e-14;
    // the ball that the theory speaks of has radius at most 2 |e| / mu
    double reach = Math.abs(theta) + 2 * gradient / curvature;
    LipschitzConstants constants =
        new LipschitzConstants(2 * c * reach, 1, new double[] {0}, new double[] {0});
    BilevelProblem problem =
        new BilevelProblem(
                new DenseOperator(1, new double[] {curvature}),
                SpectrumBounds.certain(curvature, curvature),
                new DenseMixed(1, new double[] {-1}),
                new double[] {theta - target},
                new double[] {phi})
            .withInnerSolve(new InnerSolve.Bounded(gradient, constants));
    HyperGradient g = problem.solve(SolverOptions.adaptive(Method.NEUMANN, 1e-9, 100));
    double h = 2 * c * reach * gradient / (curvature * curvature);
    assertEquals(h < 0.5, g.coverage() == Coverage.COVERED, "h = " + h);
    assertEquals(h < 0.5, g.isCertified());
    if (g.isCertified()) {
      double exact = phi + (solution - target) / (a + c * solution * solution);
      double bound = g.componentBounds().orElseThrow()[0];
      double error = Math.abs(g.value()[0] - exact);
      assertTrue(error <= bound + 1e-14, error + " > " + bound);
      if (c == 0) {
        // linear: nothing but the outer gradient moves, and the bound is reached
        assertEquals(error, bound, 1e-7 + 1e-9 * bound);
      }
    }
  }

  @Test
  void withoutConstantsTheInnerErrorIsSaidNotToBeCovered() {
    HyperGradient g =
        small(new double[] {1, 1})
            .withInnerSolve(new InnerSolve.Unbounded(0.5))
            .solve(SolverOptions.adaptive(Method.CHEBYSHEV, 1e-9, 100));
    assertEquals(Coverage.NOT_COVERED, g.coverage());
    assertFalse(g.isCertified());
    assertTrue(g.componentBounds().isPresent());
    assertTrue(
        small(new double[] {1, 1})
            .withInnerSolve(new InnerSolve.Unbounded(0))
            .solve(SolverOptions.adaptive(Method.CHEBYSHEV, 1e-9, 100))
            .isCertified());
  }

  @Test
  void zeroOuterGradientLeavesTheDirectOne() {
    HyperGradient g =
        small(new double[2]).solve(SolverOptions.adaptive(Method.CONJUGATE_GRADIENT, 0, 0));
    assertArrayEquals(new double[] {0.5}, g.value());
    assertTrue(g.isCertified());
    assertEquals(0, g.componentBounds().orElseThrow()[0], 0x1p-53);
  }

  @Test
  void withoutACertificateThereAreNoBounds() {
    HyperGradient g =
        small(new double[] {1, 1}).solve(SolverOptions.adaptive(Method.NEUMANN, 1e-9, 3));
    assertTrue(g.componentBounds().isEmpty());
    assertFalse(g.isCertified());
  }

  @Test
  void badInputIsNamed() {
    assertEquals(
        "d_theta L_out",
        assertThrows(NonFiniteInputException.class, () -> small(new double[] {1, Double.NaN}))
            .input());
    BilevelProblem bad =
        new BilevelProblem(
            new DenseOperator(1, new double[] {1}),
            SpectrumBounds.certain(1, 1),
            new MixedProduct() {
              @Override
              public int dimension() {
                return 1;
              }

              @Override
              public int metaParameters() {
                return 1;
              }

              @Override
              public void apply(double[] q, double[] c) {
                c[0] = Double.NaN;
              }

              @Override
              public double rowNormBound(int i) {
                return 1;
              }
            },
            new double[] {1},
            new double[] {1});
    assertEquals(
        "mixed derivative: product",
        assertThrows(
                NonFiniteInputException.class,
                () -> bad.solve(SolverOptions.adaptive(Method.NEUMANN, 1, 10)))
            .input());
    assertThrows(IllegalArgumentException.class, () -> small(new double[3]));
    assertThrows(IllegalArgumentException.class, () -> new InnerSolve.Unbounded(Double.NaN));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LipschitzConstants(-1, 0, new double[1], new double[1]));
  }

  private static BilevelProblem small(double[] outer) {
    return new BilevelProblem(
        new DenseOperator(2, new double[] {2, 1, 1, 3}),
        SpectrumBounds.certain(1, 4),
        new DenseMixed(2, new double[] {1, -1}),
        outer,
        new double[] {0.5});
  }
}
