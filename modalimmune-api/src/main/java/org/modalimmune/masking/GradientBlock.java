package org.modalimmune.masking;

import java.util.Optional;
import org.modalimmune.hypergradient.NonFiniteInputException;

/**
 * The gradients of one named block of parameters, on plain arrays. They are not copied, and not
 * changed.
 *
 * @param name says which block a report or an error is about; not empty
 * @param clean gradient of the clean loss, [n]; n may be 0
 * @param destructive gradient of the loss that takes information away, [n]
 * @param fisher diagonal of the empirical Fisher information of the clean loss, [n]; needed by the
 *     soft mask alone
 */
@SuppressWarnings("ArrayRecordComponent") // an operand that is read once; never compared
public record GradientBlock(
    String name, double[] clean, double[] destructive, Optional<double[]> fisher) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the name is empty, sizes differ, or an F is negative
   * @throws NonFiniteInputException if a value is not finite, with the block's name
   */
  public GradientBlock {
    if (name.isBlank()) {
      throw new IllegalArgumentException("masking: a block needs a name");
    }
    int n = clean.length;
    if (destructive.length != n || fisher.map(f -> f.length != n).orElse(false)) {
      throw new IllegalArgumentException(
          "masking: block "
              + name
              + ": sizes differ: clean gradient "
              + n
              + ", destructive gradient "
              + destructive.length
              + fisher.map(f -> ", Fisher diagonal " + f.length).orElse(""));
    }
    Finite.require("masking: block " + name + ": clean gradient", clean);
    Finite.require("masking: block " + name + ": destructive gradient", destructive);
    fisher.ifPresent(
        f -> FisherMask.requireFisher("masking: block " + name + ": Fisher diagonal", f));
  }

  /** A block without Fisher information. */
  public static GradientBlock of(String name, double[] clean, double[] destructive) {
    return new GradientBlock(name, clean, destructive, Optional.empty());
  }

  /** A block with the diagonal of the Fisher information. */
  public static GradientBlock of(
      String name, double[] clean, double[] destructive, double[] fisher) {
    return new GradientBlock(name, clean, destructive, Optional.of(fisher));
  }

  /** n. */
  public int size() {
    return clean.length;
  }
}
