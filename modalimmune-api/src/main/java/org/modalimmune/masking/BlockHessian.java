package org.modalimmune.masking;

import java.util.List;
import java.util.function.Function;
import org.modalimmune.hypergradient.LinearOperator;

/**
 * Products with the Hessian of the clean loss, asked for where a part of the operator needs them.
 */
public interface BlockHessian {
  /** The whole Hessian; the blocks' parameters, one block after the other, are its components. */
  LinearOperator joint();

  /**
   * Lends the Hessian with respect to one block of at least one parameter.
   *
   * @param block index of the block
   * @param use called once, not to keep the operator
   * @return what {@code use} returns
   */
  <T> T onBlock(int block, Function<LinearOperator, T> use);

  /** Operators that exist already: the whole Hessian, and its diagonal blocks in order. */
  static BlockHessian of(LinearOperator joint, List<LinearOperator> blocks) {
    return new BlockHessian() {
      @Override
      public LinearOperator joint() {
        return joint;
      }

      @Override
      public <T> T onBlock(int block, Function<LinearOperator, T> use) {
        return use.apply(blocks.get(block));
      }
    };
  }
}
