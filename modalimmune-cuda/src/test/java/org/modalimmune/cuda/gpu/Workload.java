package org.modalimmune.cuda.gpu;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.HessianVectorProduct;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** A regression by a network of three linear layers with GELU between them, in float32. */
final class Workload implements AutoCloseable {
  private static final double LEARNING_RATE = 2e-3;

  private final Backend backend;
  private final Scope scope;
  private final Ops ops;
  private final List<Tensor> parameters = new ArrayList<>();
  private final List<Tensor> first = new ArrayList<>();
  private final List<Tensor> second = new ArrayList<>();
  private final Tensor inputs;
  private final Tensor targets;
  private long steps;

  /**
   * @param batch rows
   * @param inputs width of a row
   * @param hidden width of the two layers between
   */
  Workload(Backend backend, long batch, long inputs, long hidden) {
    this(backend, batch, inputs, hidden, 0);
  }

  /** The same with each input changed relatively by {@code change} at most. */
  Workload(Backend backend, long batch, long inputs, long hidden, double change) {
    this.backend = backend;
    this.scope = backend.newScope();
    this.ops = backend.ops(scope);
    long[] widths = {inputs, hidden, hidden, 1};
    RandomKey key = RandomKey.of(1);
    for (int i = 0; i + 1 < widths.length; i++) {
      Shape weights = Shape.of(widths[i], widths[i + 1]);
      Tensor drawn = ops.normal(key.fold(i), DType.FLOAT32, weights);
      parameters.add(ops.affine(drawn, 1 / Math.sqrt((double) widths[i]), 0));
      parameters.add(ops.full(0, DType.FLOAT32, Shape.of(widths[i + 1])));
    }
    for (Tensor p : parameters) {
      first.add(ops.full(0, DType.FLOAT32, p.shape()));
      second.add(ops.full(0, DType.FLOAT32, p.shape()));
    }
    Shape rows = Shape.of(batch, inputs);
    Tensor changes = ops.uniform(key.fold("changes"), DType.FLOAT32, rows);
    this.inputs =
        ops.binary(
            BinaryOp.MULTIPLY,
            ops.normal(key.fold("inputs"), DType.FLOAT32, rows),
            ops.affine(changes, change, 1));
    this.targets = ops.normal(key.fold("targets"), DType.FLOAT32, Shape.of(batch, 1));
  }

  /** One step of AdamW; the loss stays on the device. */
  void step() {
    steps++;
    try (Tape tape = new Tape(backend)) {
      List<Variable> leaves = parameters.stream().map(tape::leaf).toList();
      List<Variable> gradients = Gradients.of(loss(tape, leaves), leaves);
      AdamWStep settings = new AdamWStep(steps, LEARNING_RATE, 0.9, 0.999, 1e-8, 0.01);
      for (int i = 0; i < parameters.size(); i++) {
        Tensor g = gradients.get(i).tensor();
        tape.ops().adamW(settings, g, parameters.get(i), first.get(i), second.get(i));
      }
    }
  }

  /** The loss at the present parameters. */
  double loss() {
    try (Tape tape = new Tape(backend)) {
      return loss(tape, parameters.stream().map(tape::leaf).toList()).tensor().item();
    }
  }

  /** All parameters, one after the other. */
  List<double[]> values() {
    return parameters.stream().map(Tensor::toDoubleArray).toList();
  }

  /** Products with the Hessian of the loss, recorded once; close it after use. */
  Curvature curvature() {
    return new Curvature();
  }

  @Override
  public void close() {
    scope.close();
  }

  private Variable loss(Tape tape, List<Variable> p) {
    Variable h = tape.constant(inputs);
    for (int i = 0; i < p.size(); i += 2) {
      h = Matrix.linear(h, p.get(i), p.get(i + 1));
      h = i + 2 < p.size() ? Elementwise.unary(UnaryOp.GELU, h) : h;
    }
    Variable difference = Elementwise.subtract(h, tape.constant(targets));
    return Reduction.mean(Elementwise.square(difference));
  }

  /** The Hessian as an operator on lists of tensors, all of which stay on the device. */
  final class Curvature implements AutoCloseable {
    private final Tape tape = new Tape(backend);
    private final HessianVectorProduct hessian;
    private final List<Tensor> vector;
    private final List<Tensor> product;
    private final List<Tensor> term;
    private final List<Tensor> sum;

    private Curvature() {
      List<Variable> leaves = parameters.stream().map(tape::leaf).toList();
      hessian = new HessianVectorProduct(Workload.this.loss(tape, leaves), leaves);
      vector = drawn();
      product = drawn();
      term = drawn();
      sum = drawn();
    }

    /** H v for a fixed v. */
    List<Tensor> multiply() {
      hessian.apply(vector, product);
      return product;
    }

    /** The first terms of sum (I - step H)^k v. */
    List<Tensor> neumann(int terms, double step) {
      for (int i = 0; i < sum.size(); i++) {
        tape.ops().copyTo(vector.get(i), term.get(i));
        tape.ops().copyTo(vector.get(i), sum.get(i));
      }
      for (int k = 0; k < terms; k++) {
        hessian.apply(term, product);
        for (int i = 0; i < sum.size(); i++) {
          tape.ops().axpy(-step, product.get(i), term.get(i));
          tape.ops().axpy(1, term.get(i), sum.get(i));
        }
      }
      return sum;
    }

    @Override
    public void close() {
      tape.close();
    }

    private List<Tensor> drawn() {
      List<Tensor> all = new ArrayList<>();
      for (int i = 0; i < parameters.size(); i++) {
        RandomKey key = RandomKey.of(2).fold(i);
        all.add(tape.ops().normal(key, DType.FLOAT32, parameters.get(i).shape()));
      }
      return all;
    }
  }
}
