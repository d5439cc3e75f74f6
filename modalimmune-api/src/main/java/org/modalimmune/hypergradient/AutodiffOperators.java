package org.modalimmune.hypergradient;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.HessianVectorProduct;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/** Operators on plain arrays from products of {@link org.modalimmune.autodiff}. */
public final class AutodiffOperators {
  private AutodiffOperators() {}

  /**
   * H + damping I with H the Hessian of a recorded scalar. The variables' elements, in order and
   * row-major, are the components. Alive as long as the tape.
   *
   * @param product Hessian-vector products
   * @param damping added to every eigenvalue; 0 for none
   * @param relativeProductError bound on |computed - exact| relative to |H + damping I| |x|, of the
   *     differentiation and of storing x and the result in the variables' type; no bound can be
   *     known from the tape alone
   */
  public static LinearOperator hessian(
      HessianVectorProduct product, double damping, double relativeProductError) {
    if (!(damping >= 0 && damping < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "hessian operator: the damping must be finite and not negative, got " + damping);
    }
    List<Variable> gradient = product.gradient();
    int n = elements(gradient);
    return new LinearOperator() {
      @Override
      public int dimension() {
        return n;
      }

      @Override
      public double relativeProductError() {
        return relativeProductError;
      }

      @Override
      public void apply(double[] x, double[] y) {
        Tape tape = gradient.getFirst().tape();
        try (Tape.Frame _ = tape.frame()) {
          List<Tensor> vector = tensors(tape.scope(), gradient, x);
          List<Tensor> result = tensors(tape.scope(), gradient, y);
          product.apply(vector, result);
          read(result, y);
        }
        Euclidean.addScaled(y, damping, x);
      }
    };
  }

  private static List<Tensor> tensors(Scope scope, List<Variable> like, double[] values) {
    List<Tensor> tensors = new ArrayList<>();
    int at = 0;
    for (Variable v : like) {
      int size = Math.toIntExact(v.shape().elements());
      double[] part = new double[size];
      System.arraycopy(values, at, part, 0, size);
      tensors.add(scope.of(v.dtype(), v.shape(), part));
      at += size;
    }
    return tensors;
  }

  static int elements(List<Variable> variables) {
    return Math.toIntExact(variables.stream().mapToLong(v -> v.shape().elements()).sum());
  }

  static void read(List<Tensor> tensors, double[] values) {
    int at = 0;
    for (Tensor t : tensors) {
      double[] part = t.toDoubleArray();
      System.arraycopy(part, 0, values, at, part.length);
      at += part.length;
    }
  }
}
