package org.modalimmune.train;

import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;

/** Presence bits of P presentations of each row of a batch. */
final class PresenceMasks {
  private final Batch batch;
  private final int presentations;
  private final long[] masks;

  PresenceMasks(Batch batch, int presentations) {
    this.batch = batch;
    this.presentations = presentations;
    this.masks = new long[batch.size() * presentations];
  }

  /**
   * Sets one presentation; modalities the row lacks stay absent, and it never loses its last one.
   */
  void set(int row, int presentation, long mask) {
    long own = batch.presentMask(row);
    masks[row * presentations + presentation] = (mask & own) != 0 ? mask & own : own;
  }

  long get(int row, int presentation) {
    return masks[row * presentations + presentation];
  }

  /** The bits as a constant [B, P, M]. */
  Variable toVariable() {
    int modalities = batch.modalities();
    float[] bits = new float[masks.length * modalities];
    for (int i = 0; i < masks.length; i++) {
      for (int m = 0; m < modalities; m++) {
        bits[i * modalities + m] = masks[i] >>> m & 1;
      }
    }
    return batch.constant(Shape.of(batch.size(), presentations, modalities), bits);
  }
}
