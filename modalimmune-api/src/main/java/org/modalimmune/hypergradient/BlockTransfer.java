package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Moves vectors between a backend, where they lie in blocks, and arrays here, row-major block after
 * block. All of one vector goes through one float64 tensor there, so that the backend rounds and
 * widens, and repeated products leave no arrays behind.
 */
final class BlockTransfer {
  private final Ops ops;
  private final Tensor flat;

  /** For vectors of {@code n} components; lives in {@code ops.scope()}. */
  BlockTransfer(Ops ops, int n) {
    this.ops = ops;
    this.flat = ops.scope().allocate(DType.FLOAT64, Shape.of(n));
  }

  /** Each value rounded to its block's type. */
  void write(double[] values, List<Tensor> blocks) {
    flat.set(values);
    long at = 0;
    for (Tensor block : blocks) {
      ops.copyTo(part(at, block), block);
      at += block.elements();
    }
  }

  /** The blocks' elements, exactly. */
  void read(List<Tensor> blocks, double[] values) {
    long at = 0;
    for (Tensor block : blocks) {
      ops.copyTo(block, part(at, block));
      at += block.elements();
    }
    flat.copyTo(values);
  }

  private Tensor part(long at, Tensor block) {
    return flat.slice(0, at, at + block.elements()).reshape(block.shape());
  }
}
