package org.modalimmune.conformance;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Eigendecompositions, Cholesky factors and triangular solves, checked by their residuals. */
public abstract class DecompositionContract extends Contract {
  /** For subclasses. */
  protected DecompositionContract() {}

  /** Kinds of spectrum. */
  public enum Spectrum {
    /** All different. */
    SPREAD,
    /** Many equal: eigenvectors are not unique. */
    CLUSTERED,
    /** Twelve orders of magnitude, definite. */
    GRADED,
    /** All zero. */
    ZERO
  }

  /** Orders of matrices. */
  @Provide
  Arbitrary<Integer> orders() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.integers().between(0, 24)), Tuple.of(1, Arbitraries.of(37, 65)));
  }

  @Property(tries = 120)
  void symmetricEigen(
      @ForAll DType dtype,
      @ForAll("orders") int n,
      @ForAll Spectrum spectrum,
      @ForAll("results") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      SquareMatrix drawn = SquareMatrix.withSpectrum(spectrum(spectrum, n, t), t.random());
      Placement a = t.operand(Shape.of(n, n), in, drawn.lowerOnly());
      Placement values = t.result(Shape.of(n), out);
      Placement vectors = t.result(Shape.of(n, n), out);
      t.kernels().decomposition().symmetricEigen(a.view(), values.view(), vectors.view());
      EigenCheck check =
          new EigenCheck(
              new SquareMatrix(n, a.values()).symmetric(),
              values.view().toDoubleArray(),
              vectors.view().toDoubleArray(),
              dtype);
      t.expect("eigenvalues", values, check::value);
      t.expect("eigenvectors", vectors, check::vectorSign);
      check.requireSmallResidual(a.toString());
    }
  }

  /** Numbers whose squares are out of range. */
  @Property(tries = 4)
  void symmetricEigenAtTheEndsOfTheRange(@ForAll DType dtype, @ForAll boolean large) {
    int exponent = dtype == DType.FLOAT32 ? 120 : 1000;
    double unit = Math.scalb(1.0, large ? exponent : -exponent);
    try (Trial t = trial(dtype, 0)) {
      Placement a = t.operand(Shape.of(2, 2), Layout.DENSE, 2 * unit, unit, unit, 2 * unit);
      Placement values = t.result(Shape.of(2), Layout.DENSE);
      Placement vectors = t.result(Shape.of(2, 2), Layout.DENSE);
      t.kernels().decomposition().symmetricEigen(a.view(), values.view(), vectors.view());
      double bound = Tolerances.eigen(2, dtype);
      t.expect("values", values, i -> near((3 - 2 * i) * unit, 3 * bound * unit));
      t.expect("vectors", vectors, e -> near((e == 3 ? -1 : 1) * Math.sqrt(0.5), bound + 0x1p-52));
    }
  }

  @Property(tries = 40)
  void symmetricEigenRefusesNonFinite(
      @ForAll DType dtype, @ForAll("orders") int order, @ForAll long seed) {
    int n = order + 1;
    try (Trial t = trial(dtype, seed)) {
      double[] elements = new double[n * n];
      int row = t.random().nextInt(n);
      double bad = t.random().nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
      elements[row * n + t.random().nextInt(row + 1)] = bad;
      Placement a = t.operand(Shape.of(n, n), Layout.DENSE, elements);
      Placement values = t.result(Shape.of(n), Layout.DENSE);
      Placement vectors = t.result(Shape.of(n, n), Layout.DENSE);
      Refusal.expect(
          ArithmeticException.class,
          () ->
              t.kernels().decomposition().symmetricEigen(a.view(), values.view(), vectors.view()));
    }
  }

  @Property(tries = 120)
  void cholesky(
      @ForAll DType dtype,
      @ForAll("orders") int n,
      @ForAll("results") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      double[] spectrum = t.random().doubles(n, 0.01, 10).toArray();
      SquareMatrix drawn = SquareMatrix.withSpectrum(spectrum, t.random());
      Placement a = t.operand(Shape.of(n, n), in, drawn.lowerOnly());
      Placement lower = t.result(Shape.of(n, n), out);
      t.kernels().decomposition().cholesky(a.view(), lower.view());
      SquareMatrix l = new SquareMatrix(n, lower.view().toDoubleArray());
      t.expect(
          "cholesky",
          lower,
          e -> e % n > e / n ? Bounded.exactly(0) : Bounded.exactly(l.elements()[e]));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          DoubleDouble.Sum residual = new DoubleDouble.Sum();
          double magnitude = 0;
          for (int k = 0; k <= j; k++) {
            residual.addProduct(l.at(i, k), l.at(j, k));
            magnitude += Math.abs(l.at(i, k) * l.at(j, k));
          }
          residual.add(-a.value(i * n + j));
          double error = Math.abs(residual.value().hi());
          String where = "[" + i + ", " + j + "]";
          Refusal.require(
              error <= Tolerances.cholesky(n, magnitude, dtype) && l.at(i, i) > 0,
              () -> "cholesky of " + a + ": A - L L' at " + where + " is " + error);
        }
      }
    }
  }

  @Property(tries = 40)
  void choleskyRefusesWhatIsNotDefinite(
      @ForAll DType dtype, @ForAll("orders") int order, @ForAll boolean nan, @ForAll long seed) {
    int n = order + 1;
    try (Trial t = trial(dtype, seed)) {
      double[] spectrum = t.random().doubles(n, 1, 2).toArray();
      spectrum[t.random().nextInt(n)] = nan ? Double.NaN : -1;
      SquareMatrix drawn = SquareMatrix.withSpectrum(spectrum, t.random());
      Placement a = t.operand(Shape.of(n, n), Layout.DENSE, drawn.elements());
      Placement lower = t.result(Shape.of(n, n), Layout.DENSE);
      Refusal.expect(
          ArithmeticException.class,
          () -> t.kernels().decomposition().cholesky(a.view(), lower.view()));
    }
  }

  @Property(tries = 120)
  void solveTriangular(
      @ForAll DType dtype,
      @ForAll("orders") int n,
      @ForAll("lengths") long columns,
      @ForAll boolean transposed,
      @ForAll("results") Layout in,
      @ForAll("operands") Layout right,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    int k = (int) (columns % 20);
    try (Trial t = trial(dtype, seed)) {
      double[] lower = new double[n * n];
      // the strict upper triangle is not read
      Arrays.setAll(
          lower,
          e ->
              e % n > e / n
                  ? Double.NaN
                  : e % n == e / n ? 1 + t.random().nextDouble() : t.random().nextGaussian() / n);
      Placement l = t.operand(Shape.of(n, n), in, lower);
      Placement b = t.operand(Shape.of(n, k), right, Sampler.NORMAL);
      Placement x = t.result(Shape.of(n, k), out);
      t.kernels().decomposition().solveTriangular(l.view(), transposed, b.view(), x.view());
      double[] solution = x.view().toDoubleArray();
      double[] read = solution.clone();
      t.expect("solveTriangular", x, e -> Bounded.exactly(read[e]));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < k; j++) {
          DoubleDouble.Sum residual = new DoubleDouble.Sum();
          double magnitude = 0;
          for (int m = transposed ? i : 0; m < (transposed ? n : i + 1); m++) {
            double factor = l.value(transposed ? m * n + i : i * n + m);
            residual.addProduct(factor, solution[m * k + j]);
            magnitude += Math.abs(factor * solution[m * k + j]);
          }
          residual.add(-b.value(i * k + j));
          double error = Math.abs(residual.value().hi());
          String where = "[" + i + ", " + j + "]";
          Refusal.require(
              error <= Tolerances.solveTriangular(n, magnitude, dtype),
              () -> "solveTriangular " + l + ": B - L X at " + where + " is " + error);
        }
      }
    }
  }

  @Property(tries = 20)
  void solveTriangularRefusesASingularMatrix(
      @ForAll DType dtype, @ForAll("orders") int order, @ForAll boolean transposed) {
    int n = order + 1;
    try (Trial t = trial(dtype, order)) {
      double[] lower = new double[n * n];
      int zero = t.random().nextInt(n);
      for (int i = 0; i < n; i++) {
        lower[i * n + i] = i == zero ? 0 : 1;
      }
      Placement l = t.operand(Shape.of(n, n), Layout.DENSE, lower);
      Placement b = t.operand(Shape.of(n, 2), Layout.DENSE, Sampler.NORMAL);
      Placement x = t.result(Shape.of(n, 2), Layout.DENSE);
      Refusal.expect(
          ArithmeticException.class,
          () ->
              t.kernels()
                  .decomposition()
                  .solveTriangular(l.view(), transposed, b.view(), x.view()));
    }
  }

  private static Bounded near(double value, double error) {
    return Bounded.within(DoubleDouble.of(value), error);
  }

  private static double[] spectrum(Spectrum kind, int n, Trial t) {
    double[] values = new double[n];
    Arrays.setAll(
        values,
        i ->
            switch (kind) {
              case SPREAD -> t.random().nextGaussian();
              case CLUSTERED -> 1 + i / 5;
              case GRADED -> Math.pow(10, -12.0 * i / Math.max(1, n));
              case ZERO -> 0;
            });
    return values;
  }
}
