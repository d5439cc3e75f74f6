package org.modalimmune.nn;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;

/**
 * Multi-layer perceptrons: encoders of one modality, heads, and decoders from a fused
 * representation to a modality's features. Linear layer i is named {@code name.i}; between two
 * linear layers lie an activation and dropout.
 *
 * @param columns input columns, then the output columns of each linear layer; at least two entries
 * @param activation between linear layers
 * @param dropout rate after each activation, in [0, 1)
 */
public record Mlp(List<Long> columns, Activation activation, double dropout) {
  /** Checks and copies. */
  public Mlp {
    columns = List.copyOf(columns);
    if (columns.size() < 2) {
      throw new IllegalArgumentException(
          "mlp: needs the input columns and those of at least one layer, got " + columns);
    }
    dropout = new Dropout(dropout).rate();
  }

  /**
   * A new perceptron.
   *
   * @param ops where the parameters are made
   * @param name prefix of the parameters' names, such as {@code encoder.text}
   * @param key names the first values; layer i folds in i
   */
  public Sequential create(Ops ops, String name, RandomKey key, DType dtype) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i + 1 < columns.size(); i++) {
      if (i > 0) {
        layers.add(activation);
        if (dropout > 0) {
          layers.add(new Dropout(dropout));
        }
      }
      layers.add(
          new Linear(ops, name + "." + i, columns.get(i), columns.get(i + 1), key.fold(i), dtype));
    }
    return new Sequential(layers);
  }
}
