package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Variable;

/** A differentiable function from sequences to sequences of the same length. */
public interface SequenceLayer {
  /**
   * The layer's value on x's tape. What x holds at invalid steps, NaN included, influences neither
   * the value at valid steps nor any gradient.
   *
   * @param x [B, T, n]
   * @param mask [B, T], 0 at invalid steps ({@link SequenceMask})
   * @return [B, T, m]
   */
  Variable forward(Variable x, Variable mask, Pass pass);

  /** The parameters in a fixed order; empty if there are none. */
  List<Parameter> parameters();
}
