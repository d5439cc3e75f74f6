package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Variable;

/**
 * {@code x + layer(x)} (He et al., CVPR 2016), zero at invalid steps.
 *
 * @param layer keeps the number of columns
 */
public record Residual(SequenceLayer layer) implements SequenceLayer {
  @Override
  public Variable forward(Variable x, Variable mask, Pass pass) {
    SequenceMask.require("residual", x, mask);
    Variable change = layer.forward(x, mask, pass);
    Sizes.requireShape("residual", "the layer's value", change, x.shape());
    return SequenceMask.cleared(Elementwise.add(x, change), mask);
  }

  @Override
  public List<Parameter> parameters() {
    return layer.parameters();
  }
}
