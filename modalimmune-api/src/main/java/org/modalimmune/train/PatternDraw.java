package org.modalimmune.train;

import java.util.List;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * The presence patterns of one step: presentation 0 of every row is full, 1 to R are drawn.
 *
 * @param masks presence bits, [B, 1 + R]
 * @param arms index of each drawn pattern, [B, R] row-major
 * @param drawn R
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, not a value to compare
record PatternDraw(PresenceMasks masks, int[] arms, int drawn) {
  static PatternDraw of(
      Batch batch,
      List<PresencePattern> patterns,
      int drawn,
      double[] probabilities,
      RandomKey key) {
    PresenceMasks masks = new PresenceMasks(batch, 1 + drawn);
    int[] arms = new int[batch.size() * drawn];
    RandomStream random = new RandomStream(key);
    long full = PresencePattern.full(batch.modalities()).mask();
    for (int i = 0; i < batch.size(); i++) {
      masks.set(i, 0, full);
      for (int r = 0; r < drawn; r++) {
        int arm = random.nextIndex(probabilities);
        arms[i * drawn + r] = arm;
        masks.set(i, 1 + r, patterns.get(arm).mask());
      }
    }
    return new PatternDraw(masks, arms, drawn);
  }
}
