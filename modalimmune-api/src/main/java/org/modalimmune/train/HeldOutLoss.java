package org.modalimmune.train;

import java.util.List;
import org.modalimmune.evaluate.PresencePattern;

/** Cross-entropy on the validation rows, pattern by pattern. */
public interface HeldOutLoss {
  /** The patterns, in the order of {@link #perPattern}. */
  List<PresencePattern> patterns();

  /** Mean cross-entropy in nats of each pattern at the model's present parameters. */
  double[] perPattern();
}
