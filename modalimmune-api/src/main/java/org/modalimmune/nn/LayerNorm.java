package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/**
 * Layer normalisation (Ba, Kiros and Hinton, arXiv 1607.06450, equation 4) over the last axis:
 * {@code y = gain (x - mean) / sqrt(variance + epsilon) + bias}, the variance divided by the number
 * of columns. Parameters: {@code name.gain} of ones and {@code name.bias} of zeros, [columns] each.
 */
public final class LayerNorm implements Layer {
  /** Usual epsilon. */
  public static final double EPSILON = 1e-5;

  private final Parameter gain;
  private final Parameter bias;
  private final double epsilon;

  /** A layer with {@link #EPSILON}. */
  public LayerNorm(Ops ops, String name, long columns, DType dtype) {
    this(ops, name, columns, dtype, EPSILON);
  }

  /**
   * A layer that starts as plain normalisation.
   *
   * @param columns size of the last axis, at least 1
   * @param epsilon added to the variance, positive
   */
  public LayerNorm(Ops ops, String name, long columns, DType dtype, double epsilon) {
    Sizes.requirePositive("layerNorm " + name, "columns", columns);
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException(
          "layerNorm " + name + ": epsilon must be positive, got " + epsilon);
    }
    this.epsilon = epsilon;
    this.gain = new Parameter(name + ".gain", ops.full(1, dtype, Shape.of(columns)), false);
    this.bias = new Parameter(name + ".bias", ops.full(0, dtype, Shape.of(columns)), false);
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    Sizes.requireColumns(gain.name(), x, gain.value().shape().dim(0));
    Tape tape = x.tape();
    return Normalization.layerNorm(x, tape.leaf(gain.value()), tape.leaf(bias.value()), epsilon);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(gain, bias);
  }
}
