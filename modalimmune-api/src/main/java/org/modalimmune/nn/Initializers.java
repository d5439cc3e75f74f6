package org.modalimmune.nn;

import java.util.function.Function;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Usual distributions of first values. Weight matrices are [fan-in, fan-out]: their rows belong to
 * inputs, their columns to outputs.
 */
public final class Initializers {
  private Initializers() {}

  /** Zeros. */
  public static Initializer zeros() {
    return constant(0);
  }

  /** One value everywhere, such as 1 for gains. */
  public static Initializer constant(double value) {
    return (ops, key, dtype, shape) -> ops.full(value, dtype, shape);
  }

  /**
   * Uniform in [-bound, bound).
   *
   * @throws IllegalArgumentException if the bound is negative or not finite
   */
  public static Initializer uniform(double bound) {
    if (!(bound >= 0 && bound < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "initializer: the bound must be finite and not negative, got " + bound);
    }
    return (ops, key, dtype, shape) ->
        keepResult(ops, draws -> draws.affine(draws.uniform(key, dtype, shape), 2 * bound, -bound));
  }

  /**
   * Normal with mean 0.
   *
   * @param deviation standard deviation
   * @throws IllegalArgumentException if the deviation is negative or not finite
   */
  public static Initializer normal(double deviation) {
    if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "initializer: the deviation must be finite and not negative, got " + deviation);
    }
    return (ops, key, dtype, shape) ->
        keepResult(ops, draws -> draws.affine(draws.normal(key, dtype, shape), deviation, 0));
  }

  /**
   * Uniform in [-1 / sqrt(fanIn), 1 / sqrt(fanIn)), the usual choice for weights and biases of
   * linear and recurrent layers (LeCun et al., "Efficient BackProp", 1998, section 4.6, up to a
   * constant factor).
   *
   * @param fanIn inputs of each unit, at least 1
   */
  public static Initializer uniformFanIn(long fanIn) {
    if (fanIn < 1) {
      throw new IllegalArgumentException("initializer: fan-in must be at least 1, got " + fanIn);
    }
    return uniform(1 / Math.sqrt((double) fanIn));
  }

  /**
   * Uniform with bound sqrt(6 / (fanIn + fanOut)) for a matrix [fanIn, fanOut] (Glorot and Bengio,
   * AISTATS 2010, equation 16).
   */
  public static Initializer xavier() {
    return (ops, key, dtype, shape) -> {
      requireMatrix("xavier", shape);
      double bound = Math.sqrt(6.0 / (shape.dim(0) + shape.dim(1)));
      return uniform(bound).create(ops, key, dtype, shape);
    };
  }

  /**
   * Normal with variance 2 / fanIn for a matrix [fanIn, fanOut] before a rectifier (He et al., ICCV
   * 2015, equation 10).
   */
  public static Initializer kaiming() {
    return (ops, key, dtype, shape) -> {
      requireMatrix("kaiming", shape);
      return normal(Math.sqrt(2.0 / shape.dim(0))).create(ops, key, dtype, shape);
    };
  }

  private static void requireMatrix(String name, Shape shape) {
    if (shape.rank() != 2 || shape.elements() == 0) {
      throw new IllegalArgumentException(
          name + ": needs a non-empty matrix [fan-in, fan-out], got " + shape);
    }
  }

  /** Computes in a scope of its own and keeps the result alone. */
  private static Tensor keepResult(Ops ops, Function<Ops, Tensor> compute) {
    try (Scope scope = ops.backend().newScope()) {
      return ops.copy(compute.apply(ops.backend().ops(scope)));
    }
  }
}
