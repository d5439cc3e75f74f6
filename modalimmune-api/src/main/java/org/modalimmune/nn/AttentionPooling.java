package org.modalimmune.nn;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/**
 * Attention pooling (Yang et al., NAACL 2016, equations 5 to 7): with scores {@code s_t = tanh(x_t
 * W + b) u} and weights softmax(s) among the valid steps, the sum of weight times x_t. Parameters:
 * {@code name.hidden.weight} [n, h], {@code name.hidden.bias} [h], {@code name.context} [h, 1].
 */
public final class AttentionPooling implements SequencePooling {
  private final String name;
  private final long columns;
  private final Linear hidden;
  private final Parameter context;

  /**
   * Pooling of [B, T, columns].
   *
   * @param hiddenColumns h, at least 1
   * @param key names the first values
   */
  public AttentionPooling(
      Ops ops, String name, long columns, long hiddenColumns, RandomKey key, DType dtype) {
    this.name = name;
    this.columns = columns;
    this.hidden = new Linear(ops, name + ".hidden", columns, hiddenColumns, key.fold(0), dtype);
    this.context =
        new Parameter(
            name + ".context",
            Initializers.uniformFanIn(hiddenColumns)
                .create(ops, key.fold(1), dtype, Shape.of(hiddenColumns, 1)),
            true);
  }

  @Override
  public Variable forward(Variable x, Variable mask, Pass pass) {
    SequenceMask.require("attentionPooling " + name, x, mask, columns);
    if (x.shape().dim(1) == 0) {
      return x.tape().constant(x.tape().ops().full(0, x.dtype(), x.shape().without(1)));
    }
    Variable clean = SequenceMask.cleared(x, mask);
    Variable keys = Elementwise.tanh(hidden.forward(clean, pass));
    Variable scores = Matrix.matmul(keys, x.tape().leaf(context.value()));
    Variable weights = MaskedSoftmax.of(Shaping.reshape(scores, mask.shape()), mask);
    Variable rows = Shaping.reshape(weights, mask.shape().inserted(1, 1));
    return Shaping.reshape(Matrix.matmul(rows, clean), x.shape().without(1));
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(hidden.parameters());
    all.add(context);
    return List.copyOf(all);
  }
}
