package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Rule;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * h(G) = sum f(p) over the eigenvalues p of a symmetric matrix G = V diag(p) V', with f(p) = -p
 * ln(p + e). The gradient is V diag(f'(p)) V', its derivative along C is V (D o (V'C V)) V' with
 * the divided differences D_ij of f' (Daleckii and Krein; Higham, "Functions of Matrices", SIAM
 * 2008, theorem 3.11). They are written without a difference of f', so ties need no exception.
 */
final class SpectralEntropy {
  private final Tensor vectors;
  private final double[] p;
  private final double e;

  private SpectralEntropy(Ops ops, Tensor symmetric, double e) {
    Ops.SymmetricEigen eigen = ops.symmetricEigen(symmetric);
    this.vectors = eigen.vectors();
    this.p = eigen.values().toDoubleArray();
    this.e = e;
    for (int i = 0; i < p.length; i++) {
      // rounding leaves eigenvalues of size -u where the exact ones are 0
      p[i] = Math.max(0, p[i]);
    }
  }

  /**
   * h as a scalar.
   *
   * @param gram float64 [n, n], symmetric positive semidefinite
   * @param e keeps the logarithm away from 0
   */
  static Variable of(Variable gram, double e) {
    Tape tape = gram.tape();
    SpectralEntropy spectrum = new SpectralEntropy(tape.ops(), gram.tensor(), e);
    Tensor value = tape.ops().full(spectrum.value(), DType.FLOAT64, Shape.of());
    Rule rule = r -> r.add(0, Elementwise.multiply(spectrum.gradient(r.input(0)), r.cotangent()));
    return tape.record(value, Rule.named("spectral entropy", rule), gram);
  }

  private double value() {
    double sum = 0;
    for (double x : p) {
      sum -= x * Math.log(x + e);
    }
    return sum;
  }

  private Variable gradient(Variable gram) {
    Tape tape = gram.tape();
    double[] slopes = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      slopes[i] = -Math.log(p[i] + e) - p[i] / (p[i] + e);
    }
    Variable v = tape.constant(vectors);
    Variable row = tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(1, p.length), slopes));
    Variable value = Matrix.matmul(Elementwise.multiply(v, row), Matrix.transpose(v));
    Rule rule = r -> r.add(0, derivative(r.cotangent(), r.input(0)));
    return tape.record(value.tensor(), Rule.named("spectral entropy gradient", rule), gram);
  }

  /** Linear in C and self-adjoint; a function of G that is not differentiated again. */
  private Variable derivative(Variable c, Variable gram) {
    Tape tape = c.tape();
    Ops ops = tape.ops();
    Tensor turned = ops.matmul(vectors.transpose(0, 1), ops.matmul(c.tensor(), vectors));
    Tensor weights = tape.scope().of(DType.FLOAT64, Shape.of(p.length, p.length), differences());
    Variable weighted = Elementwise.multiply(tape.constant(turned), tape.constant(weights));
    Tensor back = ops.matmul(vectors, ops.matmul(weighted.tensor(), vectors.transpose(0, 1)));
    Rule rule =
        r -> {
          if (r.wants(1)) {
            throw new UnsupportedOperationException(
                "entropy rank: third derivatives are not available; use the participation ratio");
          }
          r.add(0, derivative(r.cotangent(), r.input(1)));
        };
    return tape.record(back, Rule.named("spectral entropy curvature", rule), c, gram);
  }

  /**
   * f'(x) = -ln a - 1 + e/a with a = x + e has the divided difference -log1p(t)/(t b) - e/(a b), t
   * = (a - b)/b.
   */
  private double[] differences() {
    int n = p.length;
    double[] d = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double a = Math.max(p[i], p[j]) + e;
        double b = Math.min(p[i], p[j]) + e;
        double t = (a - b) / b;
        double logarithm = t == 0 ? 1 / b : Math.log1p(t) / (a - b);
        d[i * n + j] = -logarithm - e / a / b;
      }
    }
    return d;
  }
}
