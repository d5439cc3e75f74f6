package org.modalimmune.autodiff;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.tensor.Tensor;

/**
 * Repeated products with the generalised Gauss-Newton matrix of one scalar at one point,
 *
 * <pre>G = J' B J,   J = d outputs / d wrt,   B = d^2 loss / d outputs^2</pre>
 *
 * the Hessian without the curvature of the outputs themselves. Where the loss is convex in the
 * outputs, as cross-entropy is in logits and a squared error in predictions, G is positive
 * semidefinite. What is recorded once is the outputs' transposed Jacobian product with a free
 * cotangent, and the loss's gradient with respect to the outputs; each product is three backward
 * walks in a frame of its own. Source: Schraudolph, "Fast curvature matrix-vector products for
 * second-order gradient descent", Neural Computation 14 (2002), section 3.
 */
public final class GaussNewtonProduct {
  private final Tape tape;
  private final List<Variable> outputs;
  private final List<Variable> wrt;
  private final List<Variable> cotangents;
  private final List<Variable> pulled;
  private final List<Variable> slopes;

  /**
   * Records the derivatives.
   *
   * @param loss a scalar computed from the outputs; where it also depends on {@code wrt} directly,
   *     that part does not enter
   * @param outputs variables on the way from {@code wrt} to the loss, none computed from another
   * @param wrt what the product is taken with respect to
   * @throws IllegalArgumentException if a list is empty, the loss is not a scalar or an output is
   *     computed from another
   */
  public GaussNewtonProduct(Variable loss, List<Variable> outputs, List<Variable> wrt) {
    if (outputs.isEmpty() || wrt.isEmpty()) {
      throw new IllegalArgumentException(
          "gauss-newton: needs at least one output and one variable, got "
              + outputs.size()
              + " and "
              + wrt.size());
    }
    this.tape = loss.tape();
    this.outputs = List.copyOf(outputs);
    this.wrt = List.copyOf(wrt);
    requireSeparate();
    this.slopes = Gradients.differentiable(loss, outputs);
    this.cotangents =
        outputs.stream().map(o -> tape.leaf(tape.ops().full(0, o.dtype(), o.shape()))).toList();
    this.pulled =
        Gradients.deferred(tape, () -> Gradients.differentiableVjp(outputs, cotangents, this.wrt));
  }

  /** A slope through another output would count that output's curvature twice. */
  private void requireSeparate() {
    for (int i = 0; i < outputs.size(); i++) {
      Variable output = outputs.get(i);
      List<Variable> others = new ArrayList<>(outputs);
      others.remove(i);
      if (output.isTracked() && Gradients.relevance(List.of(output), others)[output.position()]) {
        throw new IllegalArgumentException(
            "gauss-newton: output "
                + i
                + " is computed from another, or given twice; give the last ones alone");
      }
    }
  }

  /** What the product is taken with respect to. */
  public List<Variable> wrt() {
    return wrt;
  }

  /**
   * Writes G v to {@code result}.
   *
   * @param vector one tensor per variable, of its shape
   * @param result one contiguous tensor per variable, of its shape; overwritten
   */
  public void apply(List<Tensor> vector, List<Tensor> result) {
    try (var _ = tape.frame()) {
      List<Variable> v = vector.stream().map(tape::constant).toList();
      Gradients.requireMatching("gauss-newton", wrt, v);
      Gradients.requireMatching(
          "gauss-newton: result", wrt, result.stream().map(tape::constant).toList());
      List<Variable> change = Gradients.vjp(pulled, v, cotangents);
      List<Variable> slope = Gradients.vjp(slopes, change, outputs);
      List<Variable> product = Gradients.vjp(outputs, slope, wrt);
      for (int i = 0; i < product.size(); i++) {
        tape.ops().copyTo(product.get(i).tensor(), result.get(i));
      }
    }
  }
}
