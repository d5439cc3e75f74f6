package org.modalimmune.nn;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;

/**
 * The embeddings side by side, absent ones exact zeros, then the presence mask: {@code [z_1, ...,
 * z_M, presence]}.
 *
 * @param widths columns of each modality's embedding
 */
public record ConcatFusion(List<Long> widths) implements Fusion {
  /** Checks and copies. */
  public ConcatFusion {
    widths = List.copyOf(widths);
    FusionInputs.requireModalities("concatFusion", widths.size());
    widths.forEach(w -> Sizes.requirePositive("concatFusion", "embedding columns", w));
  }

  @Override
  public Variable forward(List<Variable> embeddings, Variable presence, Pass pass) {
    List<Variable> parts =
        new ArrayList<>(FusionInputs.cleared("concatFusion", embeddings, presence, widths));
    parts.add(presence);
    return Shaping.concat(1, parts);
  }

  /** The sum of the embeddings' columns, and one for each modality. */
  @Override
  public long width() {
    return widths.stream().mapToLong(Long::longValue).sum() + widths.size();
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
