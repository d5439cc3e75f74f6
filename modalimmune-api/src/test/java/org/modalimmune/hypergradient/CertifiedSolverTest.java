package org.modalimmune.hypergradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.modalimmune.hypergradient.Certificate.Bounded;
import org.modalimmune.hypergradient.Certificate.Deterministic;
import org.modalimmune.hypergradient.Certificate.Probabilistic;
import org.modalimmune.hypergradient.Certificate.Reason;
import org.modalimmune.hypergradient.Certificate.Uncertified;

class CertifiedSolverTest {
  private static final SpectrumBounds ONE_TO_HUNDRED = SpectrumBounds.certain(1, 100);

  @Property
  void zeroRightHandSideGivesZeroAtOnce(@ForAll Method method) {
    InverseProduct result =
        CertifiedSolver.solve(
            counted(), new double[2], ONE_TO_HUNDRED, SolverOptions.adaptive(method, 0, 9));
    assertArrayEquals(new double[2], result.solution());
    assertEquals(new Deterministic(0, 0, 1, 0, 0), result.certificate());
  }

  @Property
  void whatIsNotFiniteIsNamed(@ForAll Method method) {
    SolverOptions options = SolverOptions.adaptive(method, 1e-9, 50);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      NonFiniteInputException side =
          assertThrows(
              NonFiniteInputException.class,
              () ->
                  CertifiedSolver.solve(counted(), new double[] {1, bad}, ONE_TO_HUNDRED, options));
      assertEquals("right-hand side", side.input());
      assertEquals(1, side.index());
      NonFiniteInputException product =
          assertThrows(
              NonFiniteInputException.class,
              () ->
                  CertifiedSolver.solve(
                      diagonal(1, bad), new double[] {1, 1}, ONE_TO_HUNDRED, options));
      assertEquals("operator: product 1", product.input());
      assertEquals(1, product.index());
    }
  }

  @Property
  void tooFewProductsAreUncertifiedWithTheResidual(@ForAll Method method) {
    InverseProduct result =
        CertifiedSolver.solve(
            diagonal(1, 100, 50, 13, 7),
            new double[] {1, 1, 1, 1, 1},
            ONE_TO_HUNDRED,
            SolverOptions.adaptive(method, 1e-9, 4));
    Uncertified u = assertInstanceOf(Uncertified.class, result.certificate());
    assertEquals(Reason.BUDGET_EXHAUSTED, u.reason());
    assertEquals(4, u.products());
    double[] q = result.solution();
    double[] r = {1 - q[0], 1 - 100 * q[1], 1 - 50 * q[2], 1 - 13 * q[3], 1 - 7 * q[4]};
    assertEquals(Euclidean.norm(r), u.residualNorm(), 1e-12);
    assertFalse(result.isCertified());
  }

  @Property
  void aToleranceBelowRoundingIsUncertified(@ForAll Method method) {
    InverseProduct result =
        CertifiedSolver.solve(
            diagonal(1, 99),
            new double[] {1, 1},
            ONE_TO_HUNDRED,
            SolverOptions.adaptive(method, 1e-18, 100_000));
    Uncertified u = assertInstanceOf(Uncertified.class, result.certificate());
    assertEquals(Reason.ROUNDING_FLOOR, u.reason());
    assertTrue(u.products() < 5000, u::toString);
  }

  @Property
  void spectrumBoundsThatAProductContradictsAreNotBelieved(@ForAll Method method) {
    SolverOptions options = SolverOptions.adaptive(method, 1e-6, 1000);
    for (LinearOperator h :
        new LinearOperator[] {diagonal(0.5, 0.5), diagonal(-1, 2), diagonal(200, 150)}) {
      InverseProduct result =
          CertifiedSolver.solve(h, new double[] {1, 0.5}, ONE_TO_HUNDRED, options);
      assertEquals(
          Reason.SPECTRUM_BOUNDS_CONTRADICTED,
          assertInstanceOf(Uncertified.class, result.certificate()).reason());
    }
  }

  @Property
  void withoutPositiveLowerBoundNothingIsSolved(@ForAll Method method) {
    InverseProduct result =
        CertifiedSolver.solve(
            counted(),
            new double[] {3, 4},
            SpectrumBounds.certain(0, 100),
            SolverOptions.adaptive(method, 1, 10));
    assertEquals(new Uncertified(5, Reason.LOWER_BOUND_NOT_POSITIVE, 0), result.certificate());
    assertEquals(
        Reason.LOWER_BOUND_NOT_POSITIVE,
        assertInstanceOf(
                Uncertified.class,
                CertifiedSolver.certify(
                    counted(),
                    new double[] {3, 4},
                    new double[] {1, 1},
                    SpectrumBounds.certain(-1, 100)))
            .reason());
  }

  @Property
  void overflowIsUncertified(@ForAll Method method) {
    SpectrumBounds tiny = SpectrumBounds.certain(1e-10, 2e-10);
    InverseProduct result =
        CertifiedSolver.solve(
            diagonal(1e-10, 2e-10),
            new double[] {1e300, 1e300},
            tiny,
            SolverOptions.adaptive(method, 1e-3, 100));
    assertEquals(
        Reason.OVERFLOW, assertInstanceOf(Uncertified.class, result.certificate()).reason());
  }

  @Property
  void extremeScalesAreCertified(@ForAll Method method) {
    for (double scale : new double[] {1e-300, 1e-150, 1e150, 1e290}) {
      InverseProduct result =
          CertifiedSolver.solve(
              diagonal(1, 100),
              new double[] {scale, scale},
              ONE_TO_HUNDRED,
              SolverOptions.fixedTerms(method, 40));
      Bounded c = assertInstanceOf(Bounded.class, result.certificate());
      double[] q = result.solution();
      assertTrue(Math.hypot(q[0] / scale - 1, q[1] / scale - 0.01) <= c.bound() / scale);
    }
  }

  @Test
  void theProbabilityOfTheSpectrumIsPartOfTheCertificate() {
    InverseProduct result =
        CertifiedSolver.solve(
            counted(),
            new double[] {3, 4},
            SpectrumBounds.probable(1, 100, 0.01),
            SolverOptions.adaptive(Method.CONJUGATE_GRADIENT, 1e-9, 10));
    assertEquals(
        0.01, assertInstanceOf(Probabilistic.class, result.certificate()).failureProbability());
  }

  @Test
  void anySolutionCanBeCertified() {
    Bounded c =
        assertInstanceOf(
            Bounded.class,
            CertifiedSolver.certify(
                diagonal(2, 4),
                new double[] {2, 4},
                new double[] {1.5, 1},
                SpectrumBounds.certain(2, 4)));
    assertEquals(0.5, c.bound(), 1e-14);
    assertEquals(1, c.products());
    assertEquals(
        "solution",
        assertThrows(
                NonFiniteInputException.class,
                () ->
                    CertifiedSolver.certify(
                        diagonal(2, 4),
                        new double[] {2, 4},
                        new double[] {1.5, Double.NaN},
                        SpectrumBounds.certain(2, 4)))
            .input());
  }

  @Test
  void chebyshevAndConjugateGradientsNeedFewerProducts() {
    int n = 50;
    double[] diagonal = new double[n];
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      diagonal[i] = Math.pow(1000, i / (n - 1.0));
      v[i] = 1;
    }
    SpectrumBounds spectrum = SpectrumBounds.certain(1, 1000 * (1 + 1e-12));
    Map<Method, Integer> products = new EnumMap<>(Method.class);
    for (Method method : Method.values()) {
      InverseProduct result =
          CertifiedSolver.solve(
              diagonal(diagonal), v, spectrum, SolverOptions.adaptive(method, 1e-6, 20_000));
      assertTrue(result.isCertified(), result::toString);
      products.put(method, result.certificate().products());
    }
    int neumann = products.get(Method.NEUMANN);
    int chebyshev = products.get(Method.CHEBYSHEV);
    assertTrue(10 * chebyshev < neumann && products.get(Method.CONJUGATE_GRADIENT) <= chebyshev);
    // a posteriori agrees with the rates: ln(|v| / (mu tol)) k / 2 and sqrt(k) / 2
    double decay = Math.log(Math.sqrt(n) / 1e-6);
    assertEquals(500 * decay, neumann, 0.2 * 500 * decay);
    assertEquals(Math.sqrt(1000) / 2 * decay, chebyshev, 0.2 * Math.sqrt(1000) / 2 * decay);
  }

  @Test
  void badOptionsAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> SolverOptions.adaptive(Method.NEUMANN, -1, 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> SolverOptions.adaptive(Method.NEUMANN, Double.NaN, 10));
    assertThrows(
        IllegalArgumentException.class, () -> SolverOptions.fixedTerms(Method.NEUMANN, -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> SolverOptions.adaptive(Method.CHEBYSHEV, 1, 10).withStep(0.1));
    assertThrows(IllegalArgumentException.class, () -> SpectrumBounds.certain(2, 1));
    assertThrows(IllegalArgumentException.class, () -> SpectrumBounds.certain(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> SpectrumBounds.probable(1, 2, 1.5));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            CertifiedSolver.solve(
                counted(),
                new double[] {1, 1},
                ONE_TO_HUNDRED,
                SolverOptions.adaptive(Method.NEUMANN, 1, 10).withStep(0.02)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            CertifiedSolver.solve(
                counted(),
                new double[3],
                ONE_TO_HUNDRED,
                SolverOptions.adaptive(Method.NEUMANN, 1, 10)));
    assertThrows(
        IllegalArgumentException.class, () -> new DenseOperator(2, new double[] {1, 2, 3, 4}));
  }

  private static LinearOperator counted() {
    return diagonal(1, 100);
  }

  private static LinearOperator diagonal(double... values) {
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
