package org.modalimmune.hypergradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.GaussNewtonProduct;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.HessianVectorProduct;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Operators from recorded losses: |tanh(X w) + b|^2 + e^phi (|w|^2 + |b|^2) / 2. */
public abstract class AutodiffOperatorsContract extends OperatorContract {
  private static final double[] W = {0.5, -0.25, 1, 0.125};
  private static final double[] B = {0.75, -1};
  private static final double PHI = 0.5;
  private static final double ERROR = 1000 * 0x1p-53;

  private Tape tape;
  private Variable w;
  private Variable b;
  private Variable phi;
  private Variable fit;
  private Variable loss;

  @BeforeEach
  void openTape() {
    tape = new Tape(backend());
    w = tape.leaf(tape.scope().of(DType.FLOAT64, Shape.of(2, 2), W));
    b = tape.leaf(tape.scope().of(DType.FLOAT64, Shape.of(1, 2), B));
    phi = tape.leaf(tape.scope().of(DType.FLOAT64, Shape.of(1), new double[] {PHI}));
    double[] data = {1, 2, -1, 0.5, 0.25, -2};
    Variable x = tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(3, 2), data));
    fit = Elementwise.add(Elementwise.tanh(Matrix.matmul(x, w)), b);
    Variable decay = Elementwise.unary(UnaryOp.EXP, phi);
    Variable squares =
        Elementwise.add(Reduction.sum(Elementwise.square(w)), Reduction.sum(Elementwise.square(b)));
    loss =
        Reduction.sum(
            Elementwise.add(
                Reduction.sum(Elementwise.square(fit)),
                Elementwise.scale(Elementwise.multiply(decay, squares), 0.5)));
  }

  @AfterEach
  void closeTape() {
    // none where the backend could not be opened
    if (tape != null) {
      tape.close();
    }
  }

  @Test
  void productsAreThoseOfTheHessianPlusDamping() {
    LinearOperator h =
        AutodiffOperators.hessian(new HessianVectorProduct(loss, List.of(w, b)), 0.5, ERROR);
    assertEquals(6, h.dimension());
    double[] x = {1, -2, 3, 0.5, -0.25, 4};
    double[] y = new double[6];
    h.apply(x, y);
    Variable xw = tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(2, 2), 1, -2, 3, 0.5));
    Variable xb = tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(1, 2), -0.25, 4));
    List<Variable> expected = Gradients.hvp(loss, List.of(w, b), List.of(xw, xb));
    double[] flat = new double[6];
    System.arraycopy(expected.get(0).tensor().toDoubleArray(), 0, flat, 0, 4);
    System.arraycopy(expected.get(1).tensor().toDoubleArray(), 0, flat, 4, 2);
    for (int i = 0; i < 6; i++) {
      flat[i] += 0.5 * x[i];
    }
    assertArrayEquals(flat, y);
  }

  @Test
  void gaussNewtonProductsCarryADiagonalThatBoundsTheSpectrum() {
    GaussNewtonProduct product = new GaussNewtonProduct(loss, List.of(fit), List.of(w, b));
    double[] diagonal = {0.5, 1, 2, 4, 0.25, 8};
    LinearOperator h = AutodiffOperators.gaussNewton(product, diagonal, ERROR);
    double given = diagonal[0];
    diagonal[0] = Double.NaN; // a copy was taken
    assertEquals(6, h.dimension());
    assertEquals(ERROR, h.relativeProductError());
    double[] x = {1, -2, 3, 0.5, -0.25, 4};
    double[] y = new double[6];
    h.apply(x, y);
    Tensor gw = tape.ops().full(0, DType.FLOAT64, Shape.of(2, 2));
    Tensor gb = tape.ops().full(0, DType.FLOAT64, Shape.of(1, 2));
    product.apply(
        List.of(
            tape.scope().of(DType.FLOAT64, Shape.of(2, 2), 1, -2, 3, 0.5),
            tape.scope().of(DType.FLOAT64, Shape.of(1, 2), -0.25, 4)),
        List.of(gw, gb));
    double[] flat = new double[6];
    System.arraycopy(gw.toDoubleArray(), 0, flat, 0, 4);
    System.arraycopy(gb.toDoubleArray(), 0, flat, 4, 2);
    diagonal[0] = given;
    for (int i = 0; i < 6; i++) {
      flat[i] += diagonal[i] * x[i];
    }
    assertArrayEquals(flat, y);
    InverseProduct solved =
        CertifiedSolver.solve(
            h,
            x,
            SpectrumBounds.certain(0.25, 200),
            SolverOptions.adaptive(Method.CONJUGATE_GRADIENT, 1e-8, 100));
    assertInstanceOf(Certificate.Deterministic.class, solved.certificate());
    h.apply(solved.solution(), y);
    assertArrayEquals(x, y, 1e-8 * 200);
  }

  @Test
  void productsOnTheBackendAreThoseOfTheArrays() {
    double[] x = {1, -2, 3, 0.5, -0.25, 4};
    double[] expected = new double[6];
    HessianVectorProduct products = new HessianVectorProduct(loss, List.of(w, b));
    GaussNewtonProduct gauss = new GaussNewtonProduct(loss, List.of(fit), List.of(w, b));
    double[] diagonal = {0.5, 1, 2, 4, 0.25, 8};
    TensorOperator hessian = AutodiffTensorOperators.hessian(products, 0.5, ERROR);
    List<Tensor> d = hessian.newVector(tape.scope());
    Blocks.write(diagonal, d);
    AutodiffOperators.hessian(products, 0.5, ERROR).apply(x, expected);
    assertArrayEquals(expected, product(hessian, x));
    AutodiffOperators.gaussNewton(gauss, diagonal, ERROR).apply(x, expected);
    assertArrayEquals(
        expected, product(AutodiffTensorOperators.gaussNewton(gauss, d, 0, ERROR), x), 1e-14);
    assertArrayEquals(
        expected, product(AutodiffTensorOperators.gaussNewton(gauss, diagonal, ERROR), x), 1e-14);
    for (int i = 0; i < 6; i++) {
      expected[i] += (2 - diagonal[i]) * x[i];
    }
    assertArrayEquals(
        expected, product(AutodiffTensorOperators.gaussNewton(gauss, 2, ERROR), x), 1e-13);
    assertThrows(
        IllegalArgumentException.class, () -> AutodiffTensorOperators.hessian(products, -1, ERROR));
    assertThrows(
        IllegalArgumentException.class,
        () -> AutodiffTensorOperators.gaussNewton(gauss, d.subList(0, 1), 0, ERROR));
  }

  private double[] product(TensorOperator h, double[] x) {
    List<Tensor> from = h.newVector(tape.scope());
    List<Tensor> to = h.newVector(tape.scope());
    Blocks.write(x, from);
    h.apply(from, to);
    return Blocks.read(to);
  }

  @Test
  void hyperGradientsFromEitherKindOfOperatorAgree() {
    HessianVectorProduct products = new HessianVectorProduct(loss, List.of(w, b));
    AutodiffMixedProduct mixed = new AutodiffMixedProduct(loss, List.of(w, b), List.of(phi), ERROR);
    LinearOperator arrays = AutodiffOperators.hessian(products, 10, ERROR);
    SpectrumBounds spectrum = LanczosBound.of(arrays, 6, 1e-6, RandomKey.of(1)).spectrum();
    double[] v = {1, 0, -1, 2, 0.5, 0.25};
    SolverOptions options = SolverOptions.adaptive(Method.CONJUGATE_GRADIENT, 1e-9, 200);
    HyperGradient expected =
        new BilevelProblem(arrays, spectrum, mixed, v, new double[] {0.25}).solve(options);
    int owned = tape.scope().size();
    TensorOperator tensors = AutodiffTensorOperators.hessian(products, 10, ERROR);
    SpectrumBounds found = LanczosBound.of(tensors, 6, 1e-6, RandomKey.of(1)).spectrum();
    assertEquals(spectrum.upper(), found.upper(), 1e-12 * spectrum.upper());
    assertEquals(spectrum.lower(), found.lower(), 1e-12 * spectrum.upper());
    HyperGradient got =
        new BilevelProblem(tensors, spectrum, mixed, v, new double[] {0.25}).solve(options);
    assertEquals(owned, tape.scope().size());
    double bound =
        expected.componentBounds().orElseThrow()[0] + got.componentBounds().orElseThrow()[0];
    assertEquals(expected.value()[0], got.value()[0], bound);
    assertThrows(
        IllegalArgumentException.class,
        () -> new BilevelProblem(tensors, spectrum, mixed, new double[5], new double[1]));
  }

  @Test
  void mixedRowsAndTheirNorms() {
    AutodiffMixedProduct mixed = new AutodiffMixedProduct(loss, List.of(w, b), List.of(phi), ERROR);
    assertEquals(1, mixed.metaParameters());
    double[] q = {1, 2, -1, 3, 0.5, 1};
    double[] c = new double[1];
    mixed.apply(q, c);
    double inner = W[0] + 2 * W[1] - W[2] + 3 * W[3] + 0.5 * B[0] + B[1];
    assertEquals(Math.exp(PHI) * inner, c[0], 1e-14);
    double square = 0;
    for (double v : new double[] {W[0], W[1], W[2], W[3], B[0], B[1]}) {
      square += v * v;
    }
    double norm = Math.exp(PHI) * Math.sqrt(square);
    assertTrue(mixed.rowNormBound(0) >= norm);
    assertEquals(norm, mixed.rowNormBound(0), 1e-11);
  }

  @Test
  void aRecordedLossGetsACertifiedHyperGradientOnAFlatFootprint() {
    HessianVectorProduct products = new HessianVectorProduct(loss, List.of(w, b));
    LinearOperator h = AutodiffOperators.hessian(products, 10, ERROR);
    SpectrumBounds spectrum = LanczosBound.of(h, 6, 1e-6, RandomKey.of(1)).spectrum();
    assertTrue(spectrum.lower() > 0);
    AutodiffMixedProduct mixed = new AutodiffMixedProduct(loss, List.of(w, b), List.of(phi), ERROR);
    double[] v = {1, 0, -1, 2, 0.5, 0.25};
    int owned = tape.scope().size();
    HyperGradient g =
        new BilevelProblem(h, spectrum, mixed, v, new double[] {0.25})
            .solve(SolverOptions.adaptive(Method.CHEBYSHEV, 1e-8, 200));
    assertEquals(owned, tape.scope().size());
    assertInstanceOf(Certificate.Probabilistic.class, g.certificate());
    double[] hq = new double[6];
    h.apply(g.inverseProduct().solution(), hq);
    assertArrayEquals(v, hq, 1e-7);
    assertTrue(g.isCertified() && g.componentBounds().orElseThrow()[0] < 1e-7);
  }

  @Test
  void refusals() {
    HessianVectorProduct products = new HessianVectorProduct(loss, List.of(w, b));
    assertThrows(
        IllegalArgumentException.class, () -> AutodiffOperators.hessian(products, -1, ERROR));
    assertThrows(
        IllegalArgumentException.class,
        () -> AutodiffOperators.hessian(products, Double.NaN, ERROR));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AutodiffMixedProduct(loss, List.of(w), List.of(phi), 1));
    GaussNewtonProduct gauss = new GaussNewtonProduct(loss, List.of(fit), List.of(w, b));
    for (double[] diagonal :
        List.of(
            new double[5],
            new double[] {1, 1, 1, 1, 1, -1},
            new double[] {1, 1, Double.NaN, 1, 1, 1},
            new double[] {Double.POSITIVE_INFINITY, 1, 1, 1, 1, 1})) {
      assertThrows(
          IllegalArgumentException.class,
          () -> AutodiffOperators.gaussNewton(gauss, diagonal, ERROR));
      assertThrows(
          IllegalArgumentException.class,
          () -> AutodiffTensorOperators.gaussNewton(gauss, diagonal, ERROR));
    }
  }
}
