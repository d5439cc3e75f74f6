package org.modalimmune.hypergradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.hypergradient.Certificate.Bounded;
import org.modalimmune.hypergradient.Certificate.Reason;
import org.modalimmune.hypergradient.Certificate.Uncertified;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * Solves whose recursion stays on a backend, against dense truth in twice float64's precision. The
 * bounds of the spectrum are tight, so that a certificate without its rounding term is seen.
 */
public abstract class TensorSolverContract extends OperatorContract {
  private static final int PER_TRY = 100;
  private static final double TRUTH = 1e-10;
  private static final List<Method> METHODS = List.of(Method.values());
  private static final double[] DIAGONAL = {4, 0, 0, 0, 2, 0, 0, 0, 1};

  /** A random system on the backend, in the type its numbers fit. */
  private final class Problem implements AutoCloseable {
    final RandomProblem p;
    final Scope scope;
    final DenseTensorOperator h;
    final List<Tensor> v;
    final double[] exactV;
    private final ExactSolve truth;

    Problem(long seed) {
      // from 2 on, so that both blocks have elements
      RandomProblem drawn = RandomProblem.draw(seed);
      for (long k = 1; drawn.n() < 2; k++) {
        drawn = RandomProblem.draw(seed + k * 0x9e3779b97f4a7c15L);
      }
      this.p = drawn;
      boolean single = !(p.h() instanceof DenseOperator);
      this.scope = backend().newScope();
      this.h =
          new DenseTensorOperator(
              backend(), scope, single ? DType.FLOAT32 : DType.FLOAT64, p.n(), p.a());
      this.v = h.newVector(scope);
      Blocks.write(p.v(), v);
      this.exactV = Blocks.read(v);
      this.truth = new ExactSolve(p.n(), p.a());
    }

    double error(double[] q, double[] rightHandSide) {
      return truth.error(q, rightHandSide);
    }

    @Override
    public void close() {
      scope.close();
    }
  }

  private static void requireCovered(Problem one, double[] q, double[] v, Bounded c, String what) {
    double error = one.error(q, v);
    assertTrue(error * (1 - TRUTH) <= c.bound(), () -> error + " > " + c + " " + what + one.p);
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void certificatesHoldAtEveryNumberOfTerms(@ForAll long seed) {
    for (int i = 0; i < cases(PER_TRY); i++) {
      RandomStream random = new RandomStream(RandomKey.of(seed + i).fold("terms"));
      int terms = random.nextInt(random.nextInt(8) == 0 ? 201 : 20);
      Method method = METHODS.get(random.nextInt(METHODS.size()));
      String what = "seed " + seed + ": " + method + " " + terms + " ";
      try (Problem one = new Problem(seed + i)) {
        TensorInverseProduct result =
            TensorSolver.solve(
                one.h, one.v, one.p.spectrum(), SolverOptions.fixedTerms(method, terms), one.scope);
        Bounded c = assertInstanceOf(Bounded.class, result.certificate(), () -> what + one.p);
        requireCovered(one, Blocks.read(result.solution()), one.exactV, c, what);
        assertTrue(c.products() <= terms + 1);
        assertEquals(one.h.products(), c.products());
      }
    }
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void certificatesHoldWhenItStopsByItself(@ForAll long seed) {
    int certified = 0;
    for (int i = 0; i < cases(PER_TRY); i++) {
      RandomStream random = new RandomStream(RandomKey.of(seed + i).fold("tolerance"));
      Method method = METHODS.get(random.nextInt(METHODS.size()));
      String what = "seed " + seed + ": " + method + " ";
      try (Problem one = new Problem(seed + i)) {
        // v in float64, whatever the operator's type
        double[] v = one.p.v();
        double size = Euclidean.norm(v) / one.p.spectrum().lower();
        double tolerance = size * Math.pow(10, -16 * random.nextDouble());
        int budget = random.nextInt(200);
        InverseProduct result =
            TensorSolver.solve(
                one.h, v, one.p.spectrum(), SolverOptions.adaptive(method, tolerance, budget));
        assertTrue(result.certificate().products() <= budget);
        if (result.certificate() instanceof Bounded c) {
          certified++;
          assertTrue(c.bound() <= tolerance);
          requireCovered(one, result.solution(), v, c, what);
        }
      }
    }
    if (cases(PER_TRY) >= PER_TRY) { // a few cases alone may all miss their tolerance
      assertTrue(certified >= PER_TRY / 8, certified + " of " + PER_TRY);
    }
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void thePublishedSeriesIsTheArraysOne(@ForAll long seed) {
    try (Problem one = new Problem(seed)) {
      double step = 0.5 / one.p.spectrum().norm();
      PublishedTensorOperator tensors = new PublishedTensorOperator(one.h, step, one.p.spectrum());
      PublishedOperator arrays = new PublishedOperator(one.p.h(), step, one.p.spectrum());
      SolverOptions options = SolverOptions.fixedTerms(Method.NEUMANN, 12);
      TensorInverseProduct got = tensors.solve(one.v, options, one.scope);
      Bounded c = assertInstanceOf(Bounded.class, got.certificate());
      Bounded expected =
          assertInstanceOf(Bounded.class, arrays.solve(one.exactV, options).certificate());
      double[] q = Blocks.read(got.solution());
      int n = one.p.n();
      double[] a = new double[n * n];
      Arrays.setAll(a, i -> (i / n == i % n ? 1 : 0) - step * one.p.a()[i]);
      double error = new ExactSolve(n, a).error(q, one.exactV);
      // a itself is rounded
      double rounded = 4 * n * 0x1p-53 * Euclidean.norm(q);
      assertTrue(error <= c.bound() + 4 * rounded, error + " > " + c);
      assertEquals(expected.bound(), c.bound(), 0.5 * expected.bound() + c.roundingTerm());
      assertEquals(arrays.spectrum(), tensors.spectrum());
      assertEquals(arrays.tailBound(12, one.exactV), tensors.tailBound(12, one.v));
    }
  }

  private DenseTensorOperator diagonal(Scope scope, DType dtype, double scale) {
    double[] a = Arrays.stream(DIAGONAL).map(x -> scale * x).toArray();
    return new DenseTensorOperator(backend(), scope, dtype, 3, a);
  }

  private static List<Tensor> vector(TensorOperator h, Scope scope, double... values) {
    List<Tensor> v = h.newVector(scope);
    Blocks.write(values, v);
    return v;
  }

  @Example
  void zeroAtOnceAndNoProductWithoutALowerBound() {
    try (Scope scope = backend().newScope()) {
      DenseTensorOperator h = diagonal(scope, DType.FLOAT32, 1);
      SolverOptions options = SolverOptions.adaptive(Method.CHEBYSHEV, 1e-3, 50);
      TensorInverseProduct zero =
          TensorSolver.solve(
              h, vector(h, scope, 0, 0, 0), SpectrumBounds.certain(1, 4), options, scope);
      assertEquals(0, assertInstanceOf(Bounded.class, zero.certificate()).bound());
      assertArrayEquals(new double[3], Blocks.read(zero.solution()));
      TensorInverseProduct unknown =
          TensorSolver.solve(
              h, vector(h, scope, 1, 1, 1), SpectrumBounds.certain(0, 4), options, scope);
      assertEquals(
          Reason.LOWER_BOUND_NOT_POSITIVE,
          assertInstanceOf(Uncertified.class, unknown.certificate()).reason());
      assertEquals(0, h.products());
    }
  }

  @Example
  void wrongBoundsAreNoticedAndSmallBudgetsTold() {
    try (Scope scope = backend().newScope()) {
      DenseTensorOperator h = diagonal(scope, DType.FLOAT32, 1);
      List<Tensor> v = vector(h, scope, 0, 0, 1);
      assertEquals(
          Reason.SPECTRUM_BOUNDS_CONTRADICTED,
          assertInstanceOf(
                  Uncertified.class,
                  TensorSolver.solve(
                          h,
                          v,
                          SpectrumBounds.certain(2, 4),
                          SolverOptions.fixedTerms(Method.NEUMANN, 3),
                          scope)
                      .certificate())
              .reason());
      assertEquals(
          Reason.BUDGET_EXHAUSTED,
          assertInstanceOf(
                  Uncertified.class,
                  TensorSolver.solve(
                          h,
                          vector(h, scope, 1, 1, 1),
                          SpectrumBounds.certain(1, 4),
                          SolverOptions.adaptive(Method.NEUMANN, 1e-3, 4),
                          scope)
                      .certificate())
              .reason());
      assertEquals(
          Reason.ROUNDING_FLOOR,
          assertInstanceOf(
                  Uncertified.class,
                  TensorSolver.solve(
                          h,
                          vector(h, scope, 1, 1, 1),
                          SpectrumBounds.certain(1, 4),
                          SolverOptions.adaptive(Method.CONJUGATE_GRADIENT, 1e-12, 400),
                          scope)
                      .certificate())
              .reason());
    }
  }

  @Example
  void scalesBeyondFloat32AreMetHereAndRefusedThere() {
    try (Scope scope = backend().newScope()) {
      DenseTensorOperator h = diagonal(scope, DType.FLOAT32, 1);
      SolverOptions options = SolverOptions.adaptive(Method.CONJUGATE_GRADIENT, 1e197, 50);
      double[] v = {4e200, 2e200, 1e200};
      InverseProduct here = TensorSolver.solve(h, v, SpectrumBounds.certain(1, 4), options);
      assertInstanceOf(Bounded.class, here.certificate());
      assertArrayEquals(new double[] {1e200, 1e200, 1e200}, here.solution(), 1e197);
      DenseTensorOperator tiny = diagonal(scope, DType.FLOAT32, 0x1p-120);
      TensorInverseProduct there =
          TensorSolver.solve(
              tiny,
              vector(tiny, scope, 0x1p100, 0x1p100, 0x1p100),
              SpectrumBounds.certain(0x1p-120, 0x1p-118),
              SolverOptions.adaptive(Method.CONJUGATE_GRADIENT, 1e60, 50),
              scope);
      assertEquals(
          Reason.OVERFLOW, assertInstanceOf(Uncertified.class, there.certificate()).reason());
    }
  }

  @Example
  void certifiesAnyVectorAndRefusesWhatDoesNotFit() {
    try (Scope scope = backend().newScope()) {
      DenseTensorOperator h = diagonal(scope, DType.FLOAT64, 1);
      List<Tensor> v = vector(h, scope, 4, 2, 1);
      SpectrumBounds spectrum = SpectrumBounds.certain(1, 4);
      Certificate c = TensorSolver.certify(h, v, vector(h, scope, 1, 1, 0.5), spectrum);
      assertEquals(0.5, assertInstanceOf(Bounded.class, c).bound(), 1e-12);
      DenseTensorOperator single = diagonal(scope, DType.FLOAT32, 1);
      SolverOptions options = SolverOptions.fixedTerms(Method.NEUMANN, 3);
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorSolver.solve(single, v, spectrum, options, scope));
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorSolver.solve(h, v.subList(0, 1), spectrum, options, scope));
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorSolver.solve(h, new double[2], spectrum, options));
      assertThrows(
          NonFiniteInputException.class,
          () -> TensorSolver.solve(h, new double[] {1, Double.NaN, 0}, spectrum, options));
      assertThrows(
          IllegalArgumentException.class,
          () -> TensorSolver.solve(h, v, spectrum, options.withStep(1), scope));
    }
  }
}
