package org.modalimmune.nn;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Variable;

/** Sequence layers one after another, then a pooling: one embedding for each sequence. */
public final class SequenceEncoder {
  private final List<SequenceLayer> layers;
  private final SequencePooling pooling;
  private final List<Parameter> parameters;

  /**
   * An encoder; no layers at all is plain pooling.
   *
   * @throws IllegalArgumentException if two parameters have one name
   */
  public SequenceEncoder(List<? extends SequenceLayer> layers, SequencePooling pooling) {
    this.layers = List.copyOf(layers);
    this.pooling = pooling;
    List<List<Parameter>> lists = new ArrayList<>();
    this.layers.forEach(layer -> lists.add(layer.parameters()));
    lists.add(pooling.parameters());
    this.parameters = Parameters.join(lists);
  }

  /**
   * The embeddings on x's tape.
   *
   * @param x [B, T, n]
   * @param mask [B, T], 0 at invalid steps ({@link SequenceMask})
   * @return [B, m]; zeros for a sequence without valid steps
   */
  public Variable forward(Variable x, Variable mask, Pass pass) {
    Variable value = x;
    for (SequenceLayer layer : layers) {
      value = layer.forward(value, mask, pass);
    }
    return pooling.forward(value, mask, pass);
  }

  /** The parameters of all layers and of the pooling. */
  public List<Parameter> parameters() {
    return parameters;
  }
}
