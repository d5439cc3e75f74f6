package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * A {@link TensorOperator} on plain arrays, row-major block after block: each product moves x there
 * and the result back. What rounding x to the blocks' types adds is in its error.
 */
final class TransferredOperator implements LinearOperator {
  private final TensorOperator h;
  private final List<Tensor> x;
  private final List<Tensor> y;
  private final BlockTransfer transfer;
  private final int n;
  private final double error;

  /** An operator whose vectors live in {@code scope}. */
  TransferredOperator(TensorOperator h, Scope scope) {
    this.h = h;
    this.x = h.newVector(scope);
    this.y = h.newVector(scope);
    this.n = Blocks.elements(x);
    this.transfer = new BlockTransfer(h.backend().ops(scope), n);
    double u = Blocks.unitRoundoff(x);
    // x moves by u |x|, and by half the smallest float32 in each component; |x| is at least 1
    double moved = u + Math.sqrt(n) * 0x1p-150;
    this.error = RoundingError.upward(h.relativeProductError() * (1 + moved) + moved, 4);
  }

  @Override
  public int dimension() {
    return n;
  }

  @Override
  public void apply(double[] from, double[] to) {
    transfer.write(from, x);
    h.apply(x, y);
    transfer.read(y, to);
  }

  @Override
  public double relativeProductError() {
    return error;
  }
}
