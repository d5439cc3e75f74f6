package org.modalimmune.evaluate;

import java.util.OptionalDouble;

/**
 * One epoch of one seed's training.
 *
 * @param epoch counted from 1
 * @param trainLoss mean training loss of the epoch (the method's own loss; methods differ)
 * @param validationCrossEntropy cross-entropy on the validation split averaged over the presence
 *     patterns, nats; empty where it was not measured
 */
public record EpochRecord(int epoch, double trainLoss, OptionalDouble validationCrossEntropy) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the epoch is below 1 or a value is not finite
   */
  public EpochRecord {
    if (epoch < 1
        || !Double.isFinite(trainLoss)
        || !Double.isFinite(validationCrossEntropy.orElse(0))) {
      throw new IllegalArgumentException(
          "epoch record: epoch "
              + epoch
              + ", training loss "
              + trainLoss
              + ", validation cross-entropy "
              + validationCrossEntropy
              + "; epochs count from 1 and values are finite");
    }
  }
}
