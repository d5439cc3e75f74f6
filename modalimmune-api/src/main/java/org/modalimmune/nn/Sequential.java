package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Variable;

/** Layers applied one after another; none at all is the identity. */
public final class Sequential implements Layer {
  private final List<Layer> layers;
  private final List<Parameter> parameters;

  /**
   * A chain; parameters keep the names that the layers gave them.
   *
   * @throws IllegalArgumentException if two parameters have one name
   */
  public Sequential(List<? extends Layer> layers) {
    this.layers = List.copyOf(layers);
    this.parameters = Parameters.join(this.layers.stream().map(Layer::parameters).toList());
  }

  /** A chain of the given layers. */
  public Sequential(Layer... layers) {
    this(List.of(layers));
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    Variable value = x;
    for (Layer layer : layers) {
      value = layer.forward(value, pass);
    }
    return value;
  }

  /** The layers in order. */
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }
}
