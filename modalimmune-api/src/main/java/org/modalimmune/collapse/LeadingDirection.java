package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Pullback;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Rule;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * The largest eigenvalue l of A'A, its eigenvector v and solutions of (l I - A'A) x = w on v's
 * complement, as recorded operations. Each rule is written in these three, so that derivatives of
 * any order are exact:
 *
 * <pre>
 *   dl = v' dM v      dv = R dM v      dx = R (dM x - dl x - (v'w) dv) - v (dv'x)
 * </pre>
 *
 * with M = A'A and R the pseudo-inverse of l I - M on v's complement. At a tie R does not exist and
 * v counts as a constant.
 */
final class LeadingDirection {
  private final GramOperator gram;
  private final GramProducts products;
  private final TopEigenpair pair;
  private final boolean tied;
  private final boolean wide;
  private final double[] direction;
  private final Tensor vector;

  /**
   * Records nothing.
   *
   * @param z the embedding [B, d]
   * @param pair of {@code gram}
   * @param tied whether the two leading eigenvalues are one to working accuracy
   */
  LeadingDirection(
      Tape tape,
      Tensor z,
      GramOperator gram,
      GramProducts products,
      TopEigenpair pair,
      boolean tied) {
    this.gram = gram;
    this.products = products;
    this.pair = pair;
    this.tied = tied;
    this.wide = z.shape().dim(0) < z.shape().dim(1);
    double[] v = wide ? products.multiply(true, pair.vector()) : pair.vector();
    this.direction = HostVectors.scaled(1 / HostVectors.norm(v), v);
    this.vector = column(tape, direction, z);
  }

  /** v [d]. */
  double[] direction() {
    return direction.clone();
  }

  /** l as a function of A. */
  Variable eigenvalue(Variable a) {
    Tape tape = a.tape();
    Rule rule =
        p -> {
          Variable v =
              p.isDifferentiable() && !tied
                  ? vector(p.input(0), p.output())
                  : tape.constant(vector);
          Variable twice = Elementwise.scale(p.cotangent(), 2);
          p.add(0, Elementwise.multiply(outer(p.input(0), v, v), twice));
        };
    Tensor value = tape.ops().full(pair.value(), a.dtype(), Shape.of());
    return tape.record(value, Rule.named("leading eigenvalue", rule), a);
  }

  /** The gradient of |A|_F^2 / l, 2/l (A - r (A v) v'), as a function of A. */
  Variable rankGradient(Variable a) {
    Variable l = eigenvalue(a);
    Variable v = tied ? a.tape().constant(vector) : vector(a, l);
    Variable rank = Elementwise.divide(Reduction.dot(a, a), l);
    Variable rest = Elementwise.subtract(a, Elementwise.multiply(outer(a, v, v), rank));
    return Elementwise.scale(Elementwise.divide(rest, l), 2);
  }

  /** v [d, 1] as a function of A. */
  private Variable vector(Variable a, Variable l) {
    Rule rule =
        p -> addSymmetric(p, 0, p.output(), solve(p.cotangent(), p.input(0), l, p.output()));
    return a.tape().record(vector, Rule.named("leading eigenvector", rule), a);
  }

  /** R w [d, 1] as a function of w, A, l and v. */
  private Variable solve(Variable w, Variable a, Variable l, Variable v) {
    Tape tape = w.tape();
    Tensor x = column(tape, solution(w.tensor().toDoubleArray()), a.tensor());
    Rule rule =
        p -> {
          Variable y = solve(p.cotangent(), p.input(1), p.input(2), p.input(3));
          p.add(0, y);
          addSymmetric(p, 1, p.output(), y);
          if (p.wants(2)) {
            p.add(2, Elementwise.negate(Reduction.dot(p.output(), y)));
          }
          if (p.wants(3)) {
            Variable along = Reduction.dot(p.input(3), p.input(0));
            Variable back = Reduction.dot(p.input(3), p.cotangent());
            Variable sum =
                Elementwise.add(
                    Elementwise.multiply(y, along), Elementwise.multiply(p.output(), back));
            p.add(3, Elementwise.negate(sum));
          }
        };
    return tape.record(x, Rule.named("eigengap solve", rule), w, a, l, v);
  }

  /** Adds the derivative of x'A'A y with respect to A. */
  private static void addSymmetric(Pullback p, int operand, Variable x, Variable y) {
    if (p.wants(operand)) {
      Variable a = p.input(operand);
      p.add(operand, Elementwise.add(outer(a, x, y), outer(a, y, x)));
    }
  }

  /** (A x) y'. */
  private static Variable outer(Variable a, Variable x, Variable y) {
    return Elementwise.multiply(Matrix.matmul(a, x), Matrix.transpose(y));
  }

  /**
   * On the smaller side if that is A A' with leading vector u: R w = (P w + A'(l I - A A')^+ A P w)
   * / l, P the projection on v's complement.
   */
  private double[] solution(double[] w) {
    double l = pair.value();
    if (!wide) {
      return GapSolve.solve(gram, l, pair.vector(), w);
    }
    double[] projected = GapSolve.complement(direction, w);
    double[] image = products.multiply(false, projected);
    double[] inner = GapSolve.solve(gram, l, pair.vector(), image);
    double[] sum = products.multiply(true, inner);
    HostVectors.axpy(1, projected, sum);
    return GapSolve.complement(direction, HostVectors.scaled(1 / l, sum));
  }

  private static Tensor column(Tape tape, double[] values, Tensor like) {
    return tape.scope().of(like.dtype(), Shape.of(values.length, 1), values);
  }
}
