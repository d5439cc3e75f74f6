package org.modalimmune.nn;

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
 * Multi-head scaled dot-product self-attention (Vaswani et al., NeurIPS 2017, section 3.2), masked:
 * with {@code q = x Wq + bq}, and k and v alike, each cut into heads of d = n / heads columns,
 * every head computes {@code softmax(q k' / sqrt(d)) v} with the softmax among valid steps alone;
 * the heads side by side pass through the output map. The output at invalid steps is exactly zero.
 * Parameters: those of the {@link Linear} layers {@code name.query}, {@code name.key}, {@code
 * name.value} and {@code name.output}, each [n, n].
 */
public final class MultiHeadSelfAttention implements SequenceLayer {
  private final String name;
  private final long columns;
  private final long heads;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;

  /**
   * Attention over sequences [B, T, columns].
   *
   * @param columns a multiple of {@code heads}
   * @param heads at least 1
   * @param randomKey names the first values; weights by {@link Initializers#xavier}, biases zero
   */
  public MultiHeadSelfAttention(
      Ops ops, String name, long columns, long heads, RandomKey randomKey, DType dtype) {
    Sizes.requirePositive("attention " + name, "heads", heads);
    if (columns % heads != 0) {
      throw new IllegalArgumentException(
          "attention "
              + name
              + ": "
              + columns
              + " columns do not divide among "
              + heads
              + " heads; choose a divisor");
    }
    this.name = name;
    this.columns = columns;
    this.heads = heads;
    this.query = map(ops, name + ".query", columns, randomKey.fold(0), dtype);
    this.key = map(ops, name + ".key", columns, randomKey.fold(1), dtype);
    this.value = map(ops, name + ".value", columns, randomKey.fold(2), dtype);
    this.output = map(ops, name + ".output", columns, randomKey.fold(3), dtype);
  }

  private static Linear map(Ops ops, String name, long columns, RandomKey key, DType dtype) {
    return new Linear(
        ops, name, columns, columns, key, dtype, Initializers.xavier(), Initializers.zeros());
  }

  @Override
  public Variable forward(Variable x, Variable mask, Pass pass) {
    SequenceMask.require("attention " + name, x, mask, columns);
    if (x.shape().elements() == 0) {
      return x;
    }
    Variable clean = SequenceMask.cleared(x, mask);
    Variable q = split(query.forward(clean, pass));
    Variable k = split(key.forward(clean, pass));
    Variable v = split(value.forward(clean, pass));
    double scale = 1 / Math.sqrt((double) columns / heads);
    Variable scores = Matrix.matmul(Elementwise.scale(q, scale), Matrix.transpose(k));
    long rows = x.shape().dim(0);
    long steps = x.shape().dim(1);
    Variable keyMask = Shaping.reshape(mask, Shape.of(rows, 1, 1, steps));
    Variable mixed = Matrix.matmul(MaskedSoftmax.of(scores, keyMask), v);
    Variable joined = Shaping.reshape(Shaping.transpose(mixed, 1, 2), x.shape());
    return SequenceMask.cleared(output.forward(joined, pass), mask);
  }

  /** [B, T, n] as [B, heads, T, n / heads]. */
  private Variable split(Variable x) {
    Shape cut = Shape.of(x.shape().dim(0), x.shape().dim(1), heads, columns / heads);
    return Shaping.transpose(Shaping.reshape(x, cut), 1, 2);
  }

  @Override
  public List<Parameter> parameters() {
    return Parameters.join(
        List.of(query.parameters(), key.parameters(), value.parameters(), output.parameters()));
  }
}
