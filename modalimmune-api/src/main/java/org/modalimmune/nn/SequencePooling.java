package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Variable;

/** A differentiable function from sequences to one vector each, over their valid steps. */
public interface SequencePooling {
  /**
   * The pooled vectors on x's tape. What x holds at invalid steps, NaN included, influences neither
   * value nor gradient; a sequence without valid steps gives zeros.
   *
   * @param x [B, T, n]
   * @param mask [B, T], 0 at invalid steps ({@link SequenceMask})
   * @return [B, n]
   */
  Variable forward(Variable x, Variable mask, Pass pass);

  /** The parameters in a fixed order; empty if there are none. */
  List<Parameter> parameters();
}
