package org.modalimmune.train;

import java.util.List;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Parameter;

/** Cross-entropy on the validation rows, pattern by pattern. */
public interface HeldOutLoss {
  /** The patterns, in the order of {@link #perPattern}. */
  List<PresencePattern> patterns();

  /** Mean cross-entropy in nats of each pattern at the model's present parameters. */
  default double[] perPattern() {
    return of(patterns());
  }

  /**
   * Mean cross-entropy in nats under the given patterns at the model's present parameters.
   *
   * @param some patterns of the model's modalities; one may occur twice
   */
  double[] of(List<PresencePattern> some);

  /**
   * Gradient of the mean of {@link #perPattern}.
   *
   * @param parameters what it is taken with respect to; their elements in order and row-major
   */
  double[] gradientOfMean(List<Parameter> parameters);
}
