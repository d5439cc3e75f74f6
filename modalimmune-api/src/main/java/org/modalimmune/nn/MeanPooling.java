package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;

/** Mean over the valid steps. */
public final class MeanPooling implements SequencePooling {
  /** Has no parameters. */
  public MeanPooling() {}

  @Override
  public Variable forward(Variable x, Variable mask, Pass pass) {
    SequenceMask.require("meanPooling", x, mask);
    Variable total = Reduction.sum(SequenceMask.cleared(x, mask), 1);
    return Elementwise.divide(total, ValidCount.of(mask, mask.shape().with(1, 1)));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
