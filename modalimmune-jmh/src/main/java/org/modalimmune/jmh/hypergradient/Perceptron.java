package org.modalimmune.jmh.hypergradient;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.jmh.setup.Draws;
import org.modalimmune.nn.Activation;
import org.modalimmune.nn.MeanSquaredError;
import org.modalimmune.nn.Mlp;
import org.modalimmune.nn.Parameter;
import org.modalimmune.nn.Pass;
import org.modalimmune.nn.Sequential;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * A perceptron with GELU, its mean squared error on one batch, and a direction in the space of its
 * parameters. Equal numbers on every backend and in both element types.
 */
final class Perceptron {
  private final Sequential layers;
  private final Tensor inputs;
  private final Tensor targets;
  private final List<Tensor> parameters;
  private final List<Tensor> direction = new ArrayList<>();

  Perceptron(Ops ops, int[] columns, int batch, DType dtype) {
    Draws draws = new Draws(6);
    List<Long> sizes = new ArrayList<>();
    for (int c : columns) {
      sizes.add((long) c);
    }
    layers = new Mlp(sizes, Activation.GELU, 0).create(ops, "mlp", RandomKey.of(7), dtype);
    parameters = layers.parameters().stream().map(Parameter::value).toList();
    for (Tensor p : parameters) {
      double[] values = draws.normal((int) p.elements());
      double[] scaled = values.clone();
      // about the size that the layers start with themselves
      double scale = Math.sqrt(1.0 / 3 / (p.shape().rank() == 2 ? p.shape().dim(0) : 256));
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = (float) (scale * values[i]);
      }
      p.set(scaled);
      direction.add(ops.scope().of(dtype, p.shape(), draws.normal(values.length)));
    }
    int in = columns[0];
    int out = columns[columns.length - 1];
    inputs = ops.scope().of(dtype, Shape.of(batch, in), draws.normal(batch * in));
    targets = ops.scope().of(dtype, Shape.of(batch, out), draws.normal(batch * out));
  }

  /** Mean squared error on the batch. */
  Variable loss(Tape tape) {
    return MeanSquaredError.mean(
        layers.forward(tape.constant(inputs), Pass.inference()), tape.constant(targets));
  }

  /** The parameters as leaves. */
  List<Variable> leaves(Tape tape) {
    return parameters.stream().map(tape::leaf).toList();
  }

  /** One tensor per parameter, of its shape. */
  List<Tensor> direction() {
    return direction;
  }

  /** Elements of several tensors, one after another. */
  static double[] flat(List<Tensor> tensors) {
    double[] all = new double[(int) tensors.stream().mapToLong(Tensor::elements).sum()];
    int at = 0;
    for (Tensor t : tensors) {
      double[] part = t.toDoubleArray();
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
