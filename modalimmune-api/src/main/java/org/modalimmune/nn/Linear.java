package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/**
 * Affine map {@code y = x W + b}: x [..., in], W [in, out], b [out], y [..., out]. Parameters:
 * {@code name.weight}, {@code name.bias}.
 */
public final class Linear implements Layer {
  private final Parameter weight;
  private final Parameter bias;

  /** Weight and bias uniform in [-1 / sqrt(in), 1 / sqrt(in)). */
  public Linear(Ops ops, String name, long in, long out, RandomKey key, DType dtype) {
    this(
        ops,
        name,
        in,
        out,
        key,
        dtype,
        Initializers.uniformFanIn(Math.max(1, in)),
        Initializers.uniformFanIn(Math.max(1, in)));
  }

  /**
   * A layer with chosen first values.
   *
   * @param ops where the parameters are made, {@code ops.scope()} owns them
   * @param name prefix of the parameters' names
   * @param in input columns, at least 1
   * @param out output columns, at least 1
   * @param key names the first values; weight and bias fold in their own names
   */
  public Linear(
      Ops ops,
      String name,
      long in,
      long out,
      RandomKey key,
      DType dtype,
      Initializer weights,
      Initializer biases) {
    Sizes.requirePositive("linear " + name, "input columns", in);
    Sizes.requirePositive("linear " + name, "output columns", out);
    this.weight =
        new Parameter(
            name + ".weight",
            weights.create(ops, key.fold("weight"), dtype, Shape.of(in, out)),
            true);
    this.bias =
        new Parameter(
            name + ".bias", biases.create(ops, key.fold("bias"), dtype, Shape.of(out)), false);
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    Sizes.requireColumns(weight.name(), x, weight.value().shape().dim(0));
    return Matrix.linear(x, x.tape().leaf(weight.value()), x.tape().leaf(bias.value()));
  }

  /** The weight [in, out]. */
  public Parameter weight() {
    return weight;
  }

  /** The bias [out]. */
  public Parameter bias() {
    return bias;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }
}
