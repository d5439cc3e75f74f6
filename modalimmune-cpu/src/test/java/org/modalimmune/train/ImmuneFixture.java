package org.modalimmune.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Modality;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Parameter;
import org.modalimmune.optim.AdamW;
import org.modalimmune.optim.ParameterGroup;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/** A small immune run that is stopped part of the way, with everything that the tuner sees. */
final class ImmuneFixture implements AutoCloseable {
  static final int CLASSES = 3;

  final Backend backend;
  final Scope scope;
  final MultimodalModel model;
  final DeviceRows rows;
  final ValidationLoss heldOut;
  final ImmuneObjective objective;
  final AdamW optimizer;
  final List<ParameterGroup> groups = new ArrayList<>();

  /**
   * @param columns features of each modality
   * @param count rows, as many for training as held out
   */
  ImmuneFixture(
      String backendName,
      ModelOptions sizes,
      int[] columns,
      int count,
      ImmuneOptions options,
      double decay,
      long seed) {
    this.backend = Backends.open(backendName, BackendOptions.ofThreads(1));
    this.scope = backend.newScope();
    List<Modality> modalities = new ArrayList<>();
    for (int m = 0; m < columns.length; m++) {
      List<String> names = new ArrayList<>();
      for (int j = 0; j < columns[m]; j++) {
        names.add("m" + m + "c" + j);
      }
      modalities.add(new Modality("m" + m, names));
    }
    RandomKey key = RandomKey.of(seed);
    this.model =
        new MultimodalModel(backend.ops(scope), modalities, CLASSES, sizes, key.fold("parameters"));
    RandomStream random = new RandomStream(key.fold("rows"));
    this.rows = rows(modalities, count, random);
    List<PresencePattern> patterns = PresencePattern.all(columns.length);
    this.heldOut = new ValidationLoss(backend, model, rows(modalities, count, random), patterns);
    List<Tensor> features = new ArrayList<>();
    for (int m = 0; m < columns.length; m++) {
      features.add(rows.features(m));
      groups.add(
          new ParameterGroup(
              "encoder." + modalities.get(m).name(), model.encoderParameters(m), decay));
    }
    groups.add(new ParameterGroup("shared", model.sharedParameters(), decay));
    this.objective =
        new ImmuneObjective(
            options,
            new ObjectiveFactory.Context(
                backend.ops(scope),
                modalities.stream().map(Modality::name).toList(),
                features,
                rows.labels(),
                CLASSES,
                patterns,
                100));
    this.optimizer = new AdamW(backend.ops(scope), groups);
  }

  private DeviceRows rows(List<Modality> modalities, int count, RandomStream random) {
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> i % CLASSES);
    List<FeatureMatrix> features = new ArrayList<>();
    for (Modality m : modalities) {
      double[] values = new double[count * m.columns()];
      for (int i = 0; i < values.length; i++) {
        boolean own = i % m.columns() == labels[i / m.columns()] % m.columns();
        values[i] = (float) ((own ? 1.2 : 0) + random.nextGaussian());
      }
      features.add(FeatureMatrix.of(m.columnNames(), values));
    }
    return new DeviceRows(scope, model.options().dtype(), features, labels);
  }

  static RandomKey stepKey(long step) {
    return RandomKey.of(17).fold(step);
  }

  int[] allRows() {
    int[] all = new int[rows.rows()];
    Arrays.setAll(all, i -> i);
    return all;
  }

  HyperGradientTuner tuner() {
    return new HyperGradientTuner(
        backend,
        objective,
        objective.metaParameters().orElseThrow(),
        model,
        rows,
        heldOut,
        optimizer,
        groups);
  }

  /** Steps on all rows. */
  void train(int steps, double rate) {
    for (int t = 0; t < steps; t++) {
      try (Tape tape = new Tape(backend)) {
        Batch batch = new Batch(tape, rows, allRows(), CLASSES);
        Variable loss = objective.loss(model, batch, stepKey(t)).total();
        List<Variable> leaves =
            optimizer.parameters().stream().map(p -> tape.leaf(p.value())).toList();
        optimizer.step(Gradients.of(loss, leaves).stream().map(Variable::tensor).toList(), rate);
      }
    }
  }

  /** Elements of the parameters in order. */
  static double[] flat(List<Parameter> parameters) {
    return parameters.stream()
        .flatMapToDouble(p -> Arrays.stream(p.value().toDoubleArray()))
        .toArray();
  }

  /** Writes them back. */
  static void set(List<Parameter> parameters, double[] values) {
    int at = 0;
    for (Parameter p : parameters) {
      int size = (int) p.value().elements();
      p.value().set(Arrays.copyOfRange(values, at, at + size));
      at += size;
    }
  }

  double meanHeldOut() {
    return Arrays.stream(heldOut.perPattern()).average().orElseThrow();
  }

  @Override
  public void close() {
    scope.close();
    backend.close();
  }
}
