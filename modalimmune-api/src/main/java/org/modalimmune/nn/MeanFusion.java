package org.modalimmune.nn;

import java.util.Collections;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Variable;

/**
 * Mean of the embeddings of the modalities that a row has; zeros for a row that has none.
 *
 * @param modalities number of modalities, at least 1
 * @param width columns of every embedding and of the result
 */
public record MeanFusion(int modalities, long width) implements Fusion {
  /** Checks the sizes. */
  public MeanFusion {
    FusionInputs.requireModalities("meanFusion", modalities);
    Sizes.requirePositive("meanFusion", "embedding columns", width);
  }

  @Override
  public Variable forward(List<Variable> embeddings, Variable presence, Pass pass) {
    List<Variable> clear =
        FusionInputs.cleared(
            "meanFusion", embeddings, presence, Collections.nCopies(modalities, width));
    Variable total = clear.getFirst();
    for (int m = 1; m < modalities; m++) {
      total = Elementwise.add(total, clear.get(m));
    }
    return Elementwise.divide(total, ValidCount.of(presence, presence.shape().with(1, 1)));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
