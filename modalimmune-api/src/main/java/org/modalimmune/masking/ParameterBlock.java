package org.modalimmune.masking;

import java.util.List;
import org.modalimmune.autodiff.Variable;

/**
 * A named group of parameters that is masked and reported as one.
 *
 * @param name not empty
 * @param parameters at least one, all leaves of one tape
 */
public record ParameterBlock(String name, List<Variable> parameters) {
  /** Copies the list and checks the operands. */
  public ParameterBlock {
    parameters = List.copyOf(parameters);
    if (name.isBlank() || parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "masking: a block needs a name and at least one parameter, got \""
              + name
              + "\" and "
              + parameters.size());
    }
    for (Variable v : parameters) {
      if (!v.isLeaf()) {
        throw new IllegalArgumentException(
            "masking: block " + name + ": " + v + " is not a leaf; make it one with Tape.leaf");
      }
    }
  }

  /** A block of one or a few parameters. */
  public static ParameterBlock of(String name, Variable... parameters) {
    return new ParameterBlock(name, List.of(parameters));
  }
}
