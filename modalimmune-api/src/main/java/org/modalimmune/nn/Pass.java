package org.modalimmune.nn;

import java.util.Optional;
import org.modalimmune.random.RandomKey;

/**
 * One forward pass of a model: whether it trains, and the random keys of its stochastic layers.
 * Layers take keys in the order in which they are called, so that equal passes through equal models
 * draw equal numbers. For one thread at a time.
 */
public final class Pass {
  private final Optional<RandomKey> key;
  private long drawn;

  private Pass(Optional<RandomKey> key) {
    this.key = key;
  }

  /** A pass in which dropout and the like do nothing. */
  public static Pass inference() {
    return new Pass(Optional.empty());
  }

  /**
   * A training pass.
   *
   * @param key names this pass's random numbers; a training loop folds in the step
   */
  public static Pass training(RandomKey key) {
    return new Pass(Optional.of(key));
  }

  /** Whether stochastic layers act. */
  public boolean isTraining() {
    return key.isPresent();
  }

  /**
   * A fresh key: call number i gives the pass's key with i folded in.
   *
   * @throws IllegalStateException in inference, which is deterministic
   */
  public RandomKey nextKey() {
    RandomKey base =
        key.orElseThrow(
            () ->
                new IllegalStateException(
                    "pass: inference draws no random numbers; ask isTraining() first"));
    return base.fold(drawn++);
  }
}
