package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Variable;

/**
 * A differentiable function with parameters. Layers keep no state between calls, so one layer may
 * serve several tapes; each tape belongs to one thread.
 */
public interface Layer {
  /**
   * The layer's value at {@code x}, on x's tape. Parameters enter as {@code
   * x.tape().leaf(parameter.value())}.
   *
   * @throws IllegalArgumentException if x does not have the shape or element type the layer expects
   */
  Variable forward(Variable x, Pass pass);

  /** The parameters in a fixed order; empty if there are none. */
  List<Parameter> parameters();
}
