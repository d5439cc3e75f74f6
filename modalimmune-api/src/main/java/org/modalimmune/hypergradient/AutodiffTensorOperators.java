package org.modalimmune.hypergradient;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.modalimmune.autodiff.GaussNewtonProduct;
import org.modalimmune.autodiff.HessianVectorProduct;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * Operators whose vectors stay on the backend, from products of {@link org.modalimmune.autodiff}:
 * one block per variable, of its shape and type. Alive as long as the tape; {@link
 * AutodiffOperators} has the same on plain arrays.
 */
public final class AutodiffTensorOperators {
  private AutodiffTensorOperators() {}

  /**
   * H + damping I with H the Hessian of a recorded scalar.
   *
   * @param product Hessian-vector products
   * @param damping added to every eigenvalue; 0 for none
   * @param relativeProductError bound on |computed - exact| relative to |H + damping I| |x|; no
   *     bound can be known from the tape alone
   */
  public static TensorOperator hessian(
      HessianVectorProduct product, double damping, double relativeProductError) {
    return new Recorded(
        product.gradient(),
        product::apply,
        requireDamping(damping),
        Optional.empty(),
        relativeProductError);
  }

  /**
   * G + damping I with G the Gauss-Newton matrix of a recorded scalar, positive semidefinite if the
   * scalar is convex in the product's outputs: the damping is then a lower bound of the spectrum.
   *
   * @param product Gauss-Newton products
   * @param damping added to every eigenvalue; 0 for none
   * @param relativeProductError as in {@link #hessian}
   */
  public static TensorOperator gaussNewton(
      GaussNewtonProduct product, double damping, double relativeProductError) {
    return new Recorded(
        product.wrt(),
        product::apply,
        requireDamping(damping),
        Optional.empty(),
        relativeProductError);
  }

  /**
   * G + diag(d) + damping I.
   *
   * @param product Gauss-Newton products
   * @param diagonal d, a tensor per variable of its shape and type; only read, and must outlive the
   *     operator
   * @param damping added to every eigenvalue; 0 for none
   * @param relativeProductError as in {@link #hessian}
   */
  public static TensorOperator gaussNewton(
      GaussNewtonProduct product,
      List<Tensor> diagonal,
      double damping,
      double relativeProductError) {
    List<Tensor> like = product.wrt().stream().map(Variable::tensor).toList();
    if (!Blocks.alike(diagonal, like)) {
      throw new IllegalArgumentException(
          "gauss-newton operator: the diagonal needs the variables' blocks "
              + like
              + ", got "
              + diagonal);
    }
    return new Recorded(
        product.wrt(),
        product::apply,
        requireDamping(damping),
        Optional.of(List.copyOf(diagonal)),
        relativeProductError);
  }

  /**
   * G + diag(d) with d given here, in the order of {@link AutodiffOperators}. It is kept in the
   * variables' types, in the tape's innermost open frame: its rounding is part of the stated error.
   *
   * @param product Gauss-Newton products
   * @param diagonal d, one per component, each finite and not negative
   * @param relativeProductError as in {@link #hessian}
   */
  public static TensorOperator gaussNewton(
      GaussNewtonProduct product, double[] diagonal, double relativeProductError) {
    AutodiffOperators.requireDiagonal(product, diagonal);
    Scope scope = product.wrt().getFirst().tape().scope();
    List<Tensor> blocks =
        product.wrt().stream().map(v -> scope.allocate(v.dtype(), v.shape())).toList();
    Blocks.write(diagonal, blocks);
    return gaussNewton(product, blocks, 0, relativeProductError);
  }

  private static double requireDamping(double damping) {
    if (!(damping >= 0 && damping < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "operator: the damping must be finite and not negative, got " + damping);
    }
    return damping;
  }

  /** Products of a tape, and what is added to them. */
  private record Recorded(
      List<Variable> variables,
      BiConsumer<List<Tensor>, List<Tensor>> product,
      double damping,
      Optional<List<Tensor>> diagonal,
      double relativeProductError)
      implements TensorOperator {
    @Override
    public Backend backend() {
      return tape().backend();
    }

    private Tape tape() {
      return variables.getFirst().tape();
    }

    @Override
    public List<Tensor> newVector(Scope scope) {
      Ops ops = backend().ops(scope);
      return variables.stream().map(v -> ops.full(0, v.dtype(), v.shape())).toList();
    }

    @Override
    public void apply(List<Tensor> x, List<Tensor> y) {
      product.accept(x, y);
      try (Tape.Frame _ = tape().frame()) {
        Ops ops = tape().ops();
        for (int i = 0; i < y.size(); i++) {
          if (damping != 0) {
            ops.axpy(damping, x.get(i), y.get(i));
          }
          if (diagonal.isPresent()) {
            ops.axpy(1, ops.binary(BinaryOp.MULTIPLY, diagonal.get().get(i), x.get(i)), y.get(i));
          }
        }
      }
    }
  }
}
