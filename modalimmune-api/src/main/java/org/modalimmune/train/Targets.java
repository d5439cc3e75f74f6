package org.modalimmune.train;

import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;

/** Target distributions over classes. */
final class Targets {
  private Targets() {}

  /** One row per sample with 1 at its class: [B, C]. */
  static Variable oneHot(Batch batch) {
    float[] bits = new float[batch.size() * batch.classes()];
    for (int i = 0; i < batch.size(); i++) {
      bits[i * batch.classes() + batch.label(i)] = 1;
    }
    return batch.constant(Shape.of(batch.size(), batch.classes()), bits);
  }
}
