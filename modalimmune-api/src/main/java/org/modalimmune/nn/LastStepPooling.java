package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;

/** The last valid step: after a {@link Gru}, its final state. */
public final class LastStepPooling implements SequencePooling {
  /** Has no parameters. */
  public LastStepPooling() {}

  @Override
  public Variable forward(Variable x, Variable mask, Pass pass) {
    SequenceMask.require("lastStepPooling", x, mask);
    int rows = Math.toIntExact(x.shape().dim(0));
    int steps = Math.toIntExact(x.shape().dim(1));
    Tape tape = x.tape();
    if (steps == 0) {
      return tape.constant(tape.ops().full(0, x.dtype(), x.shape().without(1)));
    }
    double[] valid = mask.tensor().toDoubleArray();
    int[] last = new int[rows];
    double[] any = new double[rows];
    for (int b = 0; b < rows; b++) {
      int t = steps - 1;
      while (t > 0 && valid[b * steps + t] == 0) {
        t--;
      }
      last[b] = Math.addExact(Math.multiplyExact(b, steps), t);
      any[b] = valid[last[b]];
    }
    Shape flat = Shape.of(x.shape().dim(0) * steps, x.shape().dim(2));
    Variable chosen = Shaping.gatherRows(Shaping.reshape(x, flat), last);
    Variable exists = tape.constant(tape.scope().of(x.dtype(), Shape.of(rows, 1), any));
    return Elementwise.select(exists, chosen, tape.constant(0, x.dtype()));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
