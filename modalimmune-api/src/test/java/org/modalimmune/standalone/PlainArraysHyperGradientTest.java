package org.modalimmune.standalone;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.modalimmune.hypergradient.BilevelProblem;
import org.modalimmune.hypergradient.Certificate;
import org.modalimmune.hypergradient.HyperGradient;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.hypergradient.Method;
import org.modalimmune.hypergradient.MixedProduct;
import org.modalimmune.hypergradient.SolverOptions;
import org.modalimmune.hypergradient.SpectrumBounds;

/**
 * The weight decay of a ridge regression, tuned by its certified hyper-gradient: plain arrays, a
 * hand-written Hessian-vector product, nothing else.
 *
 * <p>L_in = |X w - y|^2 / 2 + e^phi |w|^2 / 2 and L_out = |Z w - t|^2 / 2.
 */
class PlainArraysHyperGradientTest {
  private static final double[][] X = {{1, 0.5}, {0.25, -1}, {2, 1}, {0, 0.5}};
  private static final double[] Y = {1, -0.5, 2.5, 0.75};
  private static final double[][] Z = {{1, 1}, {0.5, -0.5}};
  private static final double[] T = {1.25, 0};

  @Test
  void certifiedWeightDecay() {
    double phi = Math.log(0.5);
    double decay = Math.exp(phi);
    double[] w = inner(phi);
    LinearOperator hessian =
        new LinearOperator() {
          @Override
          public int dimension() {
            return 2;
          }

          @Override
          public void apply(double[] v, double[] result) {
            for (int j = 0; j < 2; j++) {
              result[j] = decay * v[j];
            }
            for (double[] x : X) {
              double p = x[0] * v[0] + x[1] * v[1];
              result[0] += p * x[0];
              result[1] += p * x[1];
            }
          }

          @Override
          public double relativeProductError() {
            return 64 * 0x1p-53;
          }
        };
    MixedProduct mixed =
        new MixedProduct() {
          @Override
          public int dimension() {
            return 2;
          }

          @Override
          public int metaParameters() {
            return 1;
          }

          @Override
          public void apply(double[] q, double[] c) {
            c[0] = decay * (w[0] * q[0] + w[1] * q[1]);
          }

          @Override
          public double relativeProductError() {
            return 4 * 0x1p-53;
          }

          @Override
          public double rowNormBound(int i) {
            return decay * Math.hypot(w[0], w[1]) * (1 + 1e-15);
          }
        };
    double[] outer = new double[2];
    for (int i = 0; i < Z.length; i++) {
      double residual = Z[i][0] * w[0] + Z[i][1] * w[1] - T[i];
      outer[0] += residual * Z[i][0];
      outer[1] += residual * Z[i][1];
    }
    double trace = 0;
    for (double[] x : X) {
      trace += x[0] * x[0] + x[1] * x[1];
    }
    SpectrumBounds spectrum = SpectrumBounds.certain(decay, trace + decay);
    HyperGradient g =
        new BilevelProblem(hessian, spectrum, mixed, outer, new double[1])
            .solve(SolverOptions.adaptive(Method.NEUMANN, 1e-6, 500));
    assertTrue(g.isCertified());
    assertInstanceOf(Certificate.Deterministic.class, g.certificate());
    double bound = g.componentBounds().orElseThrow()[0];
    assertTrue(bound <= 1e-6);
    // the central difference of the outer loss at the inner solution, error of the order step^2
    double step = 1e-5;
    double difference = (outerLoss(inner(phi + step)) - outerLoss(inner(phi - step))) / (2 * step);
    assertTrue(Math.abs(g.value()[0] - difference) <= bound + 1e-9);
    assertTrue(Math.abs(difference) > 1e-3, "a gradient to speak of");
  }

  /** Solves (X'X + e^phi I) w = X'y by Cramer's rule. */
  private static double[] inner(double phi) {
    double a = Math.exp(phi);
    double b = 0;
    double d = Math.exp(phi);
    double s = 0;
    double t = 0;
    for (int i = 0; i < X.length; i++) {
      a += X[i][0] * X[i][0];
      b += X[i][0] * X[i][1];
      d += X[i][1] * X[i][1];
      s += X[i][0] * Y[i];
      t += X[i][1] * Y[i];
    }
    double determinant = a * d - b * b;
    return new double[] {(d * s - b * t) / determinant, (a * t - b * s) / determinant};
  }

  private static double outerLoss(double[] w) {
    double sum = 0;
    for (int i = 0; i < Z.length; i++) {
      double residual = Z[i][0] * w[0] + Z[i][1] * w[1] - T[i];
      sum += residual * residual / 2;
    }
    return sum;
  }
}
