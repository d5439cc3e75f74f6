package org.modalimmune.jmh.training;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.jmh.setup.Draws;
import org.modalimmune.nn.Activation;
import org.modalimmune.nn.CrossEntropy;
import org.modalimmune.nn.Layer;
import org.modalimmune.nn.MeanSquaredError;
import org.modalimmune.nn.Mlp;
import org.modalimmune.nn.Parameter;
import org.modalimmune.nn.Pass;
import org.modalimmune.nn.Sequential;
import org.modalimmune.optim.AdamW;
import org.modalimmune.optim.ParameterGroup;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * The multimodal model whose step is timed: three encoders n-128-64 with GELU on features with
 * noise of deviation 0.5, each row's modality kept with probability 0.7, the embeddings and the
 * presence bits joined, a head 195-128-2 with cross-entropy, three decoders 195-128-n with mean
 * squared error (weight 0.1), and AdamW.
 */
final class StepModel {
  private static final long[] COLUMNS = {100, 73, 100};
  private static final long HIDDEN = 128;
  private static final long EMBEDDING = 64;
  private static final int CLASSES = 2;
  private static final double LEARNING_RATE = 2e-3;
  private static final RandomKey KEY = RandomKey.of(8);

  private final Backend backend;
  private final int batch;
  private final DType dtype;
  private final List<Sequential> encoders = new ArrayList<>();
  private final List<Sequential> decoders = new ArrayList<>();
  private final Sequential head;
  private final List<Tensor> features = new ArrayList<>();
  private final int[] labels;
  private final AdamW optimizer;

  /** A model whose parameters and data live in {@code ops.scope()}. */
  StepModel(Ops ops, int batch, DType dtype) {
    this.backend = ops.backend();
    this.batch = batch;
    this.dtype = dtype;
    Draws draws = new Draws(9);
    long fused = COLUMNS.length * (EMBEDDING + 1);
    head = mlp(ops, "head", fused, CLASSES);
    List<Parameter> parameters = new ArrayList<>(head.parameters());
    for (int m = 0; m < COLUMNS.length; m++) {
      long columns = COLUMNS[m];
      encoders.add(mlp(ops, "encoder." + m, columns, EMBEDDING));
      decoders.add(mlp(ops, "decoder." + m, fused, columns));
      parameters.addAll(encoders.getLast().parameters());
      parameters.addAll(decoders.getLast().parameters());
      features.add(
          ops.scope()
              .of(dtype, Shape.of(batch, columns), draws.normal(Math.toIntExact(batch * columns))));
    }
    labels = draws.labels(batch, CLASSES);
    optimizer = new AdamW(ops, List.of(new ParameterGroup("all", parameters, 0.01)));
  }

  private Sequential mlp(Ops ops, String name, long in, long out) {
    return new Mlp(List.of(in, HIDDEN, out), Activation.GELU, 0)
        .create(ops, name, KEY.fold(name), dtype);
  }

  /** One step; returns nothing, changes the parameters. */
  void step() {
    try (Tape tape = new Tape(backend)) {
      update(tape, loss(tape));
    }
  }

  /** One step, and the loss before it. */
  double stepAndLoss() {
    try (Tape tape = new Tape(backend)) {
      Variable loss = loss(tape);
      update(tape, loss);
      return loss.tensor().item();
    }
  }

  private void update(Tape tape, Variable loss) {
    List<Variable> leaves = optimizer.parameters().stream().map(p -> tape.leaf(p.value())).toList();
    List<Tensor> gradients = Gradients.of(loss, leaves).stream().map(Variable::tensor).toList();
    optimizer.step(gradients, LEARNING_RATE);
  }

  private Variable loss(Tape tape) {
    RandomKey key = KEY.fold(optimizer.steps());
    Ops ops = tape.ops();
    Tensor drawn = ops.uniform(key.fold("presence"), dtype, Shape.of(batch, COLUMNS.length));
    Variable mask =
        tape.constant(ops.binary(BinaryOp.GREATER, drawn, ops.full(0.3, dtype, Shape.of())));
    List<Variable> parts = new ArrayList<>();
    for (int m = 0; m < COLUMNS.length; m++) {
      Tensor noisy = ops.normal(key.fold(m), dtype, features.get(m).shape());
      noisy = ops.affine(noisy, 0.5, 0);
      ops.axpy(1, features.get(m), noisy);
      Variable embedding = forward(encoders.get(m), tape.constant(noisy));
      parts.add(Elementwise.multiply(embedding, Shaping.slice(mask, 1, m, m + 1)));
    }
    parts.add(mask);
    Variable fused = Shaping.concat(1, parts);
    Variable loss = CrossEntropy.mean(forward(head, fused), labels);
    for (int m = 0; m < COLUMNS.length; m++) {
      Variable error =
          MeanSquaredError.mean(forward(decoders.get(m), fused), tape.constant(features.get(m)));
      loss = Elementwise.add(loss, Elementwise.scale(error, 0.1));
    }
    return loss;
  }

  private static Variable forward(Layer layer, Variable x) {
    return layer.forward(x, Pass.inference());
  }
}
