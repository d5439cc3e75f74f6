package org.modalimmune.optim;

import java.util.List;
import org.modalimmune.nn.Parameter;

/**
 * Parameters that share a weight decay, such as one encoder, or the fusion and the head.
 *
 * @param name unique among the groups of an optimiser
 * @param parameters the members; decay applies to those that are {@link Parameter#decayed}
 * @param weightDecay decay per unit of learning rate, finite and not negative; may be changed later
 */
public record ParameterGroup(String name, List<Parameter> parameters, double weightDecay) {
  /** Checks the decay and copies the list. */
  public ParameterGroup {
    parameters = List.copyOf(parameters);
    requireDecay(name, weightDecay);
  }

  static void requireDecay(String group, double weightDecay) {
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "optimizer: the weight decay of group "
              + group
              + " must be finite and not negative, got "
              + weightDecay);
    }
  }
}
