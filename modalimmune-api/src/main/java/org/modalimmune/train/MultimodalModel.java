package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.data.Modality;
import org.modalimmune.nn.Activation;
import org.modalimmune.nn.Dropout;
import org.modalimmune.nn.Initializers;
import org.modalimmune.nn.Layer;
import org.modalimmune.nn.Linear;
import org.modalimmune.nn.Parameter;
import org.modalimmune.nn.Pass;
import org.modalimmune.nn.Sequential;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.Shape;

/**
 * Classifier over M modalities that may be absent. Encoder m maps the features to an embedding, the
 * projection W_m maps that to the fused space; with presence bits p the fused representation is
 *
 * <pre>h = relu(sum_m c_m A_m + p W_mask + b),   A_m = encoder_m(x_m) W_m</pre>
 *
 * which equals a hidden layer on the concatenation of the present embeddings (zeros for absent
 * ones) and the presence bits. Each A_m is computed once and serves every presence pattern. A
 * linear head gives class logits, one decoder per modality its standardised features.
 */
public final class MultimodalModel {
  private final ModelOptions options;
  private final List<Modality> modalities;
  private final int classes;
  private final List<Layer> encoders = new ArrayList<>();
  private final List<Parameter> projections = new ArrayList<>();
  private final Linear presence;
  private final Linear head;
  private final List<Layer> decoders = new ArrayList<>();

  /**
   * A model with fresh parameters.
   *
   * @param ops its scope owns the parameters
   * @param modalities names and columns of the standardised inputs
   * @param classes number of classes C, at least 2
   * @param options sizes
   * @param key names the first values
   */
  public MultimodalModel(
      Ops ops, List<Modality> modalities, int classes, ModelOptions options, RandomKey key) {
    if (modalities.isEmpty() || classes < 2) {
      throw new IllegalArgumentException(
          "model: needs at least one modality and two classes, got "
              + modalities.size()
              + " and "
              + classes);
    }
    this.options = options;
    this.modalities = List.copyOf(modalities);
    this.classes = classes;
    RandomKey fusion = key.fold("fusion");
    // the fan-in of the concatenation that the projections together stand for
    long fanIn = (long) modalities.size() * options.embedding() + modalities.size();
    for (Modality m : modalities) {
      encoders.add(encoder(ops, m, key.fold("encoder").fold(m.name())));
      projections.add(
          new Parameter(
              "fusion." + m.name() + ".weight",
              Initializers.uniformFanIn(fanIn)
                  .create(
                      ops,
                      fusion.fold(m.name()),
                      options.dtype(),
                      Shape.of(options.embedding(), options.fusionHidden())),
              true));
      decoders.add(decoder(ops, m, key.fold("decoder").fold(m.name())));
    }
    this.presence =
        new Linear(
            ops,
            "fusion.presence",
            modalities.size(),
            options.fusionHidden(),
            fusion.fold("presence"),
            options.dtype(),
            Initializers.uniformFanIn(fanIn),
            Initializers.uniformFanIn(fanIn));
    this.head =
        new Linear(ops, "head", options.fusionHidden(), classes, key.fold("head"), options.dtype());
  }

  /**
   * Number of scalar parameters of a model of these sizes, without making one.
   *
   * @throws ArithmeticException if it passes 2^63 - 1
   */
  static long parameterCount(List<Modality> modalities, int classes, ModelOptions options) {
    long count =
        Math.addExact(
            linear(modalities.size(), options.fusionHidden()),
            linear(options.fusionHidden(), classes));
    for (Modality m : modalities) {
      long encoder =
          Math.addExact(
              linear(m.columns(), options.encoderHidden()),
              linear(options.encoderHidden(), options.embedding()));
      long decoder =
          Math.addExact(
              linear(options.fusionHidden(), options.decoderHidden()),
              linear(options.decoderHidden(), m.columns()));
      long projection = Math.multiplyExact((long) options.embedding(), options.fusionHidden());
      count = Math.addExact(count, Math.addExact(projection, Math.addExact(encoder, decoder)));
    }
    return count;
  }

  private static long linear(long inputs, long outputs) {
    return Math.multiplyExact(Math.addExact(inputs, 1), outputs);
  }

  private Layer encoder(Ops ops, Modality m, RandomKey key) {
    String name = "encoder." + m.name();
    int columns = m.columnNames().size();
    return new Sequential(
        List.of(
            new Linear(
                ops, name + ".0", columns, options.encoderHidden(), key.fold(0), options.dtype()),
            Activation.RELU,
            new Dropout(options.dropout()),
            new Linear(
                ops,
                name + ".1",
                options.encoderHidden(),
                options.embedding(),
                key.fold(1),
                options.dtype())));
  }

  private Layer decoder(Ops ops, Modality m, RandomKey key) {
    String name = "decoder." + m.name();
    int columns = m.columnNames().size();
    return new Sequential(
        List.of(
            new Linear(
                ops,
                name + ".0",
                options.fusionHidden(),
                options.decoderHidden(),
                key.fold(0),
                options.dtype()),
            Activation.RELU,
            new Linear(
                ops, name + ".1", options.decoderHidden(), columns, key.fold(1), options.dtype())));
  }

  /** Sizes. */
  public ModelOptions options() {
    return options;
  }

  /** Names and columns of the standardised inputs. */
  public List<Modality> modalities() {
    return modalities;
  }

  /** Number of classes C. */
  public int classes() {
    return classes;
  }

  /**
   * Projected embedding A_m.
   *
   * @param modality index m
   * @param x standardised features [B, n_m]
   * @return [B, fusionHidden]
   */
  public Variable project(int modality, Variable x, Pass pass) {
    Variable embedding = encoders.get(modality).forward(x, pass);
    return Matrix.matmul(embedding, x.tape().leaf(projections.get(modality).value()));
  }

  /**
   * Fused representation of P presentations of each row.
   *
   * @param sources S projected embeddings, each [B, fusionHidden]
   * @param content [B, P, S]: weight of each source, 1 or 0
   * @param told [B, P, M]: presence bits
   * @return [B, P, fusionHidden]
   */
  public Variable fuse(List<Variable> sources, Variable content, Variable told) {
    Variable mixed = Matrix.matmul(content, Shaping.stack(1, sources));
    return Elementwise.relu(Elementwise.add(mixed, presence.forward(told, Pass.inference())));
  }

  /** Class logits [..., C] of fused representations [..., fusionHidden]. */
  public Variable logits(Variable fused) {
    return head.forward(fused, Pass.inference());
  }

  /** Reconstruction [B, n_m] of modality m's standardised features from fused [B, fusionHidden]. */
  public Variable reconstruct(int modality, Variable fused, Pass pass) {
    return decoders.get(modality).forward(fused, pass);
  }

  /** All parameters, encoders first, in a fixed order. */
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    for (int m = 0; m < modalities.size(); m++) {
      all.addAll(encoders.get(m).parameters());
    }
    all.addAll(sharedParameters());
    return all;
  }

  /** Parameters that the logits depend on: all but those of the decoders. */
  public List<Parameter> predictiveParameters() {
    List<Parameter> all = new ArrayList<>();
    encoders.forEach(e -> all.addAll(e.parameters()));
    all.addAll(projections);
    all.addAll(presence.parameters());
    all.addAll(head.parameters());
    return all;
  }

  /** Parameters of one modality's encoder. */
  public List<Parameter> encoderParameters(int modality) {
    return encoders.get(modality).parameters();
  }

  /** Parameters of fusion, head and decoders. */
  public List<Parameter> sharedParameters() {
    List<Parameter> shared = new ArrayList<>(projections);
    shared.addAll(presence.parameters());
    shared.addAll(head.parameters());
    for (Layer d : decoders) {
      shared.addAll(d.parameters());
    }
    return shared;
  }
}
