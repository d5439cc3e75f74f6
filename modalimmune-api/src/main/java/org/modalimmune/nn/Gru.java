package org.modalimmune.nn;

import static org.modalimmune.autodiff.Elementwise.add;
import static org.modalimmune.autodiff.Elementwise.multiply;
import static org.modalimmune.autodiff.Elementwise.sigmoid;
import static org.modalimmune.autodiff.Elementwise.subtract;
import static org.modalimmune.autodiff.Elementwise.tanh;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/**
 * Gated recurrent unit (Cho et al., EMNLP 2014), in the variant of cuDNN that applies the reset
 * gate after the recurrent product. From state h, zeros at first, and input x of one step:
 *
 * <pre>
 * [a_r, a_z, a_c] = x W + b        [u_r, u_z, u_c] = h V + d
 * r = sigmoid(a_r + u_r)           z = sigmoid(a_z + u_z)
 * c = tanh(a_c + r u_c)            h = c + z (h - c)
 * </pre>
 *
 * <p>An invalid step leaves the state as it is. Parameters: {@code name.input.weight} W [n, 3 h],
 * {@code name.input.bias} b [3 h], {@code name.state.weight} V [h, 3 h], {@code name.state.bias} d
 * [3 h], the gates in the order reset, update, candidate; all uniform in [-1 / sqrt(h), 1 /
 * sqrt(h)).
 */
public final class Gru implements SequenceLayer {
  private final String name;
  private final long columns;
  private final long width;
  private final Linear input;
  private final Linear state;

  /**
   * A unit for sequences [B, T, columns].
   *
   * @param width columns h of the state, at least 1
   * @param key names the first values
   */
  public Gru(Ops ops, String name, long columns, long width, RandomKey key, DType dtype) {
    Sizes.requirePositive("gru " + name, "state columns", width);
    this.name = name;
    this.columns = columns;
    this.width = width;
    Initializer first = Initializers.uniformFanIn(width);
    this.input =
        new Linear(ops, name + ".input", columns, 3 * width, key.fold(0), dtype, first, first);
    this.state =
        new Linear(ops, name + ".state", width, 3 * width, key.fold(1), dtype, first, first);
  }

  /**
   * Result of {@link #run}.
   *
   * @param states [B, T, h]: the state after each step; at an invalid step that of the last valid
   *     one before it, or zeros
   * @param last [B, h]: the state after the last valid step, zeros if there is none
   */
  public record Output(Variable states, Variable last) {}

  /** All states; {@link #run} gives the last one too. */
  @Override
  public Variable forward(Variable x, Variable mask, Pass pass) {
    return run(x, mask, pass).states();
  }

  /**
   * Runs over the sequences from a state of zeros.
   *
   * @param x [B, T, n]
   * @param mask [B, T], 0 at invalid steps
   */
  public Output run(Variable x, Variable mask, Pass pass) {
    SequenceMask.require("gru " + name, x, mask, columns);
    Tape tape = x.tape();
    Shape stateShape = Shape.of(x.shape().dim(0), width);
    Variable clean = SequenceMask.cleared(x, mask);
    Variable h = tape.constant(tape.ops().full(0, x.dtype(), stateShape));
    int steps = Math.toIntExact(x.shape().dim(1));
    List<Variable> states = new ArrayList<>(steps);
    for (int t = 0; t < steps; t++) {
      Variable next = step(Shaping.select(clean, 1, t), h, pass);
      h = Elementwise.select(Shaping.slice(mask, 1, t, t + 1), next, h);
      states.add(h);
    }
    Variable all =
        steps == 0
            ? tape.constant(tape.ops().full(0, x.dtype(), stateShape.inserted(1, 0)))
            : Shaping.stack(1, states);
    return new Output(all, h);
  }

  private Variable step(Variable x, Variable h, Pass pass) {
    Variable a = input.forward(x, pass);
    Variable u = state.forward(h, pass);
    Variable reset = sigmoid(add(gate(a, 0), gate(u, 0)));
    Variable update = sigmoid(add(gate(a, 1), gate(u, 1)));
    Variable candidate = tanh(add(gate(a, 2), multiply(reset, gate(u, 2))));
    return add(candidate, multiply(update, subtract(h, candidate)));
  }

  private Variable gate(Variable gates, int index) {
    return Shaping.slice(gates, 1, index * width, (index + 1) * width);
  }

  @Override
  public List<Parameter> parameters() {
    return Parameters.join(List.of(input.parameters(), state.parameters()));
  }
}
