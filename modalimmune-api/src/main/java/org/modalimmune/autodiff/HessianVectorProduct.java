package org.modalimmune.autodiff;

import java.util.List;
import org.modalimmune.tensor.Tensor;

/**
 * Repeated products with the Hessian of one scalar at one point: the forward and the first backward
 * walk are recorded once, each product is one more backward walk in a frame of its own.
 */
public final class HessianVectorProduct {
  private final Tape tape;
  private final List<Variable> wrt;
  private final List<Variable> gradient;

  /**
   * Records the gradient of {@code output}, a scalar, with respect to {@code wrt}. The tensors that
   * the output was computed from must keep their values as long as products are taken or the
   * gradient has not been read: it is computed when it is.
   */
  public HessianVectorProduct(Variable output, List<Variable> wrt) {
    this.tape = output.tape();
    this.wrt = List.copyOf(wrt);
    this.gradient = Gradients.deferred(tape, () -> Gradients.differentiable(output, wrt));
  }

  /** The gradient at the point; what no product needs of it is computed when it is read. */
  public List<Variable> gradient() {
    return gradient;
  }

  /**
   * Writes H v to {@code result}.
   *
   * @param vector one tensor per variable, of its shape
   * @param result one contiguous tensor per variable, of its shape; overwritten
   */
  public void apply(List<Tensor> vector, List<Tensor> result) {
    try (var _ = tape.frame()) {
      List<Variable> v = vector.stream().map(tape::constant).toList();
      Gradients.requireMatching("hvp", wrt, v);
      Gradients.requireMatching("hvp: result", wrt, result.stream().map(tape::constant).toList());
      List<Variable> product = Gradients.vjp(gradient, v, wrt);
      for (int i = 0; i < product.size(); i++) {
        tape.ops().copyTo(product.get(i).tensor(), result.get(i));
      }
    }
  }
}
