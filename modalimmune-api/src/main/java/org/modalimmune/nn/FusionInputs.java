package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;

/** Checks and clears what a fusion layer gets. */
final class FusionInputs {
  private FusionInputs() {}

  static void requireModalities(String layer, int modalities) {
    if (modalities < 1) {
      throw new IllegalArgumentException(layer + ": needs at least one modality");
    }
  }

  /** The embeddings with exact zeros where a row lacks the modality. */
  static List<Variable> cleared(
      String layer, List<Variable> embeddings, Variable presence, List<Long> widths) {
    if (embeddings.size() != widths.size()) {
      throw new IllegalArgumentException(
          layer + ": needs " + widths.size() + " embeddings, got " + embeddings.size());
    }
    long rows = presence.shape().rank() == 0 ? 0 : presence.shape().dim(0);
    Sizes.requireShape(layer, "the presence mask", presence, Shape.of(rows, widths.size()));
    Variable[] clear = new Variable[widths.size()];
    for (int m = 0; m < clear.length; m++) {
      Variable z = embeddings.get(m);
      Sizes.requireShape(layer, "embedding " + m, z, Shape.of(rows, widths.get(m)));
      clear[m] =
          Elementwise.select(
              Shaping.slice(presence, 1, m, m + 1), z, z.tape().constant(0, z.dtype()));
    }
    return List.of(clear);
  }
}
