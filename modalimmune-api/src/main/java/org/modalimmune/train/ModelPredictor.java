package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.evaluate.MultimodalPredictor;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.Presentation;
import org.modalimmune.nn.Pass;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * A {@link MultimodalModel} as a predictor: each modality is encoded once per chunk of rows, and
 * every presentation fuses what is there.
 */
public final class ModelPredictor implements MultimodalPredictor {
  /** Activations per chunk; bounds the memory whatever the number of rows and presentations. */
  private static final int CHUNK_ELEMENTS = 1 << 21;

  private final Backend backend;
  private final MultimodalModel model;

  /** A predictor that computes on {@code backend}, where the model's parameters live. */
  public ModelPredictor(Backend backend, MultimodalModel model) {
    this.backend = backend;
    this.model = model;
  }

  @Override
  public int classes() {
    return model.classes();
  }

  @Override
  public boolean supports(Presentation presentation) {
    return presentation.told().modalities() == model.modalities().size();
  }

  @Override
  public List<double[]> probabilities(
      List<FeatureMatrix> features, List<Presentation> presentations) {
    int rows = check(features, presentations);
    int classes = model.classes();
    List<double[]> results = new ArrayList<>();
    for (int p = 0; p < presentations.size(); p++) {
      results.add(new double[Math.multiplyExact(rows, classes)]);
    }
    if (presentations.isEmpty()) {
      return results;
    }
    int perRow = presentations.size() * model.options().fusionHidden();
    int chunk = Math.max(1, CHUNK_ELEMENTS / perRow);
    for (int from = 0; from < rows; from += chunk) {
      int to = Math.min(rows, from + chunk);
      try (Tape tape = new Tape(backend)) {
        Variable fused = fuse(tape, features, presentations, from, to);
        double[] values = Normalization.softmax(model.logits(fused)).tensor().toDoubleArray();
        for (int i = from; i < to; i++) {
          for (int p = 0; p < presentations.size(); p++) {
            int source = ((i - from) * presentations.size() + p) * classes;
            System.arraycopy(values, source, results.get(p), i * classes, classes);
          }
        }
      }
    }
    return results;
  }

  @Override
  public Optional<double[]> reconstruct(
      List<FeatureMatrix> features, Presentation presentation, int modality) {
    int rows = check(features, List.of(presentation));
    int columns = model.modalities().get(modality).columnNames().size();
    double[] result = new double[Math.multiplyExact(rows, columns)];
    int widest = Math.max(columns, model.options().decoderHidden());
    int chunk = Math.max(1, CHUNK_ELEMENTS / widest);
    for (int from = 0; from < rows; from += chunk) {
      int to = Math.min(rows, from + chunk);
      try (Tape tape = new Tape(backend)) {
        Variable fused = fuse(tape, features, List.of(presentation), from, to);
        Variable flat = Shaping.reshape(fused, Shape.of(to - from, model.options().fusionHidden()));
        double[] values =
            model.reconstruct(modality, flat, Pass.inference()).tensor().toDoubleArray();
        System.arraycopy(values, 0, result, from * columns, values.length);
      }
    }
    return Optional.of(result);
  }

  private int check(List<FeatureMatrix> features, List<Presentation> presentations) {
    int modalities = model.modalities().size();
    if (features.size() != modalities) {
      throw new IllegalArgumentException(
          "predictor: the model has " + modalities + " modalities, got " + features.size());
    }
    for (int m = 0; m < modalities; m++) {
      int columns = model.modalities().get(m).columnNames().size();
      if (features.get(m).columns() != columns
          || features.get(m).rows() != features.getFirst().rows()) {
        throw new IllegalArgumentException(
            "predictor: modality "
                + model.modalities().get(m).name()
                + " needs "
                + features.getFirst().rows()
                + " rows of "
                + columns
                + " standardised columns, got "
                + features.get(m).rows()
                + " of "
                + features.get(m).columns());
      }
    }
    for (Presentation p : presentations) {
      if (!supports(p)) {
        throw new IllegalArgumentException("predictor: " + p + " is not for this model");
      }
    }
    return features.getFirst().rows();
  }

  /** Fused representations [rows, P, fusionHidden]; sources are the embeddings, then those of 0. */
  private Variable fuse(
      Tape tape, List<FeatureMatrix> features, List<Presentation> presentations, int from, int to) {
    int modalities = features.size();
    boolean zeros = presentations.stream().anyMatch(p -> !p.told().equals(p.real()));
    List<Variable> sources = new ArrayList<>();
    for (int m = 0; m < modalities; m++) {
      sources.add(model.project(m, input(tape, features.get(m), from, to), Pass.inference()));
    }
    if (zeros) {
      for (int m = 0; m < modalities; m++) {
        Tensor zero = tape.ops().full(0, dtype(), Shape.of(1, features.get(m).columns()));
        Variable one = model.project(m, tape.constant(zero), Pass.inference());
        sources.add(Shaping.expand(one, sources.get(m).shape()));
      }
    }
    int width = sources.size();
    int count = presentations.size();
    float[] told = new float[(to - from) * count * modalities];
    float[] content = new float[(to - from) * count * width];
    for (int i = from; i < to; i++) {
      for (int p = 0; p < count; p++) {
        int at = (i - from) * count + p;
        PresencePattern said = presentations.get(p).told();
        PresencePattern real = presentations.get(p).real();
        for (int m = 0; m < modalities; m++) {
          boolean there = said.isPresent(m) && features.get(m).isPresent(i);
          told[at * modalities + m] = there ? 1 : 0;
          content[at * width + m] = there && real.isPresent(m) ? 1 : 0;
          if (zeros) {
            content[at * width + modalities + m] = there && !real.isPresent(m) ? 1 : 0;
          }
        }
      }
    }
    return model.fuse(
        sources,
        constant(tape, Shape.of(to - from, count, width), content),
        constant(tape, Shape.of(to - from, count, modalities), told));
  }

  private DType dtype() {
    return model.options().dtype();
  }

  private Variable constant(Tape tape, Shape shape, float[] values) {
    return tape.constant(tape.ops().cast(tape.scope().of(shape, values), dtype()));
  }

  private Variable input(Tape tape, FeatureMatrix x, int from, int to) {
    double[] values = new double[(to - from) * x.columns()];
    for (int i = from; i < to; i++) {
      x.copyRow(i, values, (i - from) * x.columns());
    }
    return tape.constant(tape.scope().of(dtype(), Shape.of(to - from, x.columns()), values));
  }
}
