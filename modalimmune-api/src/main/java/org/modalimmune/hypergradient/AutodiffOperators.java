package org.modalimmune.hypergradient;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.modalimmune.autodiff.GaussNewtonProduct;
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
    double[] diagonal = new double[elements(gradient)];
    Arrays.fill(diagonal, damping);
    return operator(gradient, product::apply, diagonal, relativeProductError);
  }

  /**
   * G + diag(d) with G the Gauss-Newton matrix of a recorded scalar, positive semidefinite if the
   * scalar is convex in the product's outputs: the smallest d is then a lower bound of the
   * spectrum. Components as in {@link #hessian}.
   *
   * @param product Gauss-Newton products
   * @param diagonal d, one per component, each finite and not negative; copied
   * @param relativeProductError as in {@link #hessian}
   */
  public static LinearOperator gaussNewton(
      GaussNewtonProduct product, double[] diagonal, double relativeProductError) {
    requireDiagonal(product, diagonal);
    return operator(product.wrt(), product::apply, diagonal.clone(), relativeProductError);
  }

  /** One component per element, each finite and not negative. */
  static void requireDiagonal(GaussNewtonProduct product, double[] diagonal) {
    int n = elements(product.wrt());
    if (diagonal.length != n) {
      throw new IllegalArgumentException(
          "gauss-newton operator: the diagonal needs " + n + " components, got " + diagonal.length);
    }
    for (double d : diagonal) {
      if (!(d >= 0 && d < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "gauss-newton operator: the diagonal must be finite and not negative, got " + d);
      }
    }
  }

  private static LinearOperator operator(
      List<Variable> like,
      BiConsumer<List<Tensor>, List<Tensor>> product,
      double[] diagonal,
      double relativeProductError) {
    return new LinearOperator() {
      @Override
      public int dimension() {
        return diagonal.length;
      }

      @Override
      public double relativeProductError() {
        return relativeProductError;
      }

      @Override
      public void apply(double[] x, double[] y) {
        Tape tape = like.getFirst().tape();
        try (Tape.Frame _ = tape.frame()) {
          List<Tensor> vector = tensors(tape.scope(), like);
          List<Tensor> result = tensors(tape.scope(), like);
          BlockTransfer transfer = new BlockTransfer(tape.ops(), y.length);
          transfer.write(x, vector);
          product.accept(vector, result);
          transfer.read(result, y);
        }
        for (int i = 0; i < y.length; i++) {
          y[i] += diagonal[i] * x[i];
        }
      }
    };
  }

  private static List<Tensor> tensors(Scope scope, List<Variable> like) {
    return like.stream().map(v -> scope.allocate(v.dtype(), v.shape())).toList();
  }

  static int elements(List<Variable> variables) {
    return Math.toIntExact(variables.stream().mapToLong(v -> v.shape().elements()).sum());
  }
}
