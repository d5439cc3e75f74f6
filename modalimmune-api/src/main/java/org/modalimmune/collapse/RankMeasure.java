package org.modalimmune.collapse;

import java.util.List;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.Tensor;

/**
 * A smooth count of the directions in which the rows of an embedding vary: from 1, one direction or
 * none, to min(B - 1, d), all alike. It does not change when the embedding is rotated, scaled by a
 * number other than 0, shifted, or its rows are permuted.
 */
@FunctionalInterface
public interface RankMeasure {
  /**
   * The rank as a scalar that can be differentiated twice. An embedding without variance has rank 1
   * and gradient 0.
   *
   * @param embedding Z [B, d], B at least 2, d at least 1
   * @return a scalar of Z's type
   * @throws IllegalArgumentException if the shape is another or an element is NaN or infinite
   */
  Variable of(Variable embedding);

  /**
   * Value and gradient of plain tensors.
   *
   * @param ops where the gradient goes
   * @param embedding Z [B, d]
   * @throws IllegalArgumentException as {@link #of}
   */
  default RankGradient evaluate(Ops ops, Tensor embedding) {
    try (Tape tape = new Tape(ops.backend())) {
      Variable z = tape.leaf(embedding);
      Variable rank = of(z);
      Tensor gradient = Gradients.of(rank, List.of(z)).getFirst().tensor();
      return new RankGradient(rank.tensor().item(), ops.copy(gradient));
    }
  }

  /**
   * Product of the Hessian with respect to Z and a direction.
   *
   * @param ops where the result goes
   * @param embedding Z [B, d]
   * @param direction [B, d], of Z's type
   * @return [B, d]
   * @throws IllegalArgumentException as {@link #of}, or if the direction's shape or type is another
   */
  default Tensor hessianVectorProduct(Ops ops, Tensor embedding, Tensor direction) {
    try (Tape tape = new Tape(ops.backend())) {
      Variable z = tape.leaf(embedding);
      List<Variable> v = List.of(tape.constant(direction));
      return ops.copy(Gradients.hvp(of(z), List.of(z), v).getFirst().tensor());
    }
  }
}
