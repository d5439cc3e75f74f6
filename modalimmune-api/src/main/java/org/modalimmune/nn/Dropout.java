package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Inverted dropout (Srivastava et al., JMLR 15, 2014): in training each element is, independently,
 * 0 with probability {@code rate} and {@code x / (1 - rate)} otherwise; in inference the input is
 * returned as it is. Dropped elements are exact zeros whatever x holds, NaN and infinity included.
 *
 * @param rate probability of dropping, in [0, 1)
 */
public record Dropout(double rate) implements Layer {
  /** Checks the rate. */
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout: the rate must be in [0, 1), got " + rate);
    }
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    if (!pass.isTraining() || rate == 0) {
      return x;
    }
    Tape tape = x.tape();
    Tensor draws = tape.ops().uniform(pass.nextKey(), x.dtype(), x.shape());
    Tensor threshold = tape.ops().full(rate, x.dtype(), Shape.of());
    Variable dropped = tape.constant(tape.ops().binary(BinaryOp.GREATER, threshold, draws));
    return Elementwise.select(
        dropped, tape.constant(0, x.dtype()), Elementwise.scale(x, 1 / (1 - rate)));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
