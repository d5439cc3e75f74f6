package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Variable;

/**
 * A layer applied to every step of a sequence, with exact zeros put at invalid steps before and
 * after.
 *
 * @param layer acts on the last axis alone: {@link Linear}, {@link LayerNorm}, {@link Activation},
 *     {@link Dropout} or a chain of them
 */
public record Stepwise(Layer layer) implements SequenceLayer {
  @Override
  public Variable forward(Variable x, Variable mask, Pass pass) {
    SequenceMask.require("stepwise", x, mask);
    return SequenceMask.cleared(layer.forward(SequenceMask.cleared(x, mask), pass), mask);
  }

  @Override
  public List<Parameter> parameters() {
    return layer.parameters();
  }
}
