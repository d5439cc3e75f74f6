package org.modalimmune.evaluate;

import java.util.OptionalDouble;

/**
 * One modality spoilt without the model being told, all presence bits on.
 *
 * @param kind what is done
 * @param modality name of the spoilt modality
 * @param level strength, in standard deviations; present for {@link CorruptionKind#GAUSSIAN} only
 */
public record Corruption(CorruptionKind kind, String modality, OptionalDouble level) {

  /**
   * Checks that kind and level go together.
   *
   * @throws IllegalArgumentException if Gaussian noise has no finite level >= 0, or shuffling has
   *     one
   */
  public Corruption {
    boolean levelled = kind == CorruptionKind.GAUSSIAN;
    if (levelled != level.isPresent()
        || (levelled && !(level.getAsDouble() >= 0 && level.getAsDouble() <= Double.MAX_VALUE))) {
      throw new IllegalArgumentException(
          "corruption: "
              + kind.reportName()
              + " of "
              + modality
              + (levelled ? " needs a finite level >= 0" : " has no level")
              + ", got "
              + level);
    }
  }

  /**
   * Gaussian noise.
   *
   * @param modality name of the spoilt modality
   * @param level standard deviation of the noise on standardised features
   * @return the corruption
   */
  public static Corruption gaussian(String modality, double level) {
    return new Corruption(CorruptionKind.GAUSSIAN, modality, OptionalDouble.of(level));
  }

  /**
   * Rows permuted among samples.
   *
   * @param modality name of the spoilt modality
   * @return the corruption
   */
  public static Corruption shuffle(String modality) {
    return new Corruption(CorruptionKind.SHUFFLE, modality, OptionalDouble.empty());
  }
}
