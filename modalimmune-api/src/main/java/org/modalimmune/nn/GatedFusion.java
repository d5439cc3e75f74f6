package org.modalimmune.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;

/**
 * Learned convex combination of the embeddings of the modalities that a row has: with one score
 * {@code s_m = z_m w_m + b_m} per modality and gates g = softmax(s) among the present ones, {@code
 * sum g_m z_m}; zeros for a row that has none. A softmax form of the gated unit of Arevalo et al.
 * (ICLR workshop 2017). Parameters: those of the {@link Linear} layers {@code name.0}, {@code
 * name.1}, ..., one per modality, each [width, 1].
 */
public final class GatedFusion implements Fusion {
  private final String name;
  private final long width;
  private final List<Linear> gates;

  /**
   * A fusion of embeddings of one width.
   *
   * @param modalities number of modalities, at least 1
   * @param width columns of every embedding and of the result
   * @param key names the first values; modality m folds in m
   */
  public GatedFusion(Ops ops, String name, int modalities, long width, RandomKey key, DType dtype) {
    FusionInputs.requireModalities("gatedFusion " + name, modalities);
    this.name = name;
    this.width = width;
    List<Linear> layers = new ArrayList<>();
    for (int m = 0; m < modalities; m++) {
      layers.add(new Linear(ops, name + "." + m, width, 1, key.fold(m), dtype));
    }
    this.gates = List.copyOf(layers);
  }

  @Override
  public Variable forward(List<Variable> embeddings, Variable presence, Pass pass) {
    List<Variable> clear =
        FusionInputs.cleared(
            "gatedFusion " + name, embeddings, presence, Collections.nCopies(gates.size(), width));
    List<Variable> scores = new ArrayList<>();
    for (int m = 0; m < gates.size(); m++) {
      scores.add(gates.get(m).forward(clear.get(m), pass));
    }
    Variable weights = MaskedSoftmax.of(Shaping.concat(1, scores), presence);
    Variable total = weighted(weights, 0, clear.getFirst());
    for (int m = 1; m < gates.size(); m++) {
      total = Elementwise.add(total, weighted(weights, m, clear.get(m)));
    }
    return total;
  }

  private static Variable weighted(Variable weights, int modality, Variable embedding) {
    return Elementwise.multiply(Shaping.slice(weights, 1, modality, modality + 1), embedding);
  }

  @Override
  public long width() {
    return width;
  }

  @Override
  public List<Parameter> parameters() {
    return Parameters.join(gates.stream().map(Linear::parameters).toList());
  }
}
