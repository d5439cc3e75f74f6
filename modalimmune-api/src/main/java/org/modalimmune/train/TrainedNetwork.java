package org.modalimmune.train;

import java.util.List;
import java.util.SortedMap;
import org.modalimmune.backend.Backend;
import org.modalimmune.data.DatasetSchema;
import org.modalimmune.data.Standardizer;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.evaluate.MultimodalPredictor;
import org.modalimmune.tensor.Scope;

/** One trained {@link MultimodalModel} with its standardisation and history. */
public final class TrainedNetwork implements TrainedModel {
  private final Backend backend;
  private final Scope scope;
  private final MultimodalModel model;
  private final Standardizer standardizer;
  private final DatasetSchema schema;
  private final String method;
  private final long seed;
  private final List<EpochRecord> curve;
  private final SortedMap<String, Double> settings;
  private final double seconds;
  private final double stepsPerSecond;

  TrainedNetwork(
      Backend backend,
      Scope scope,
      MultimodalModel model,
      Standardizer standardizer,
      DatasetSchema schema,
      String method,
      long seed,
      List<EpochRecord> curve,
      SortedMap<String, Double> settings,
      double seconds,
      double stepsPerSecond) {
    this.backend = backend;
    this.scope = scope;
    this.model = model;
    this.standardizer = standardizer;
    this.schema = schema;
    this.method = method;
    this.seed = seed;
    this.curve = List.copyOf(curve);
    this.settings = settings;
    this.seconds = seconds;
    this.stepsPerSecond = stepsPerSecond;
  }

  @Override
  public MultimodalPredictor predictor() {
    return new ModelPredictor(backend, model);
  }

  @Override
  public Standardizer standardizer() {
    return standardizer;
  }

  /** The network. */
  public MultimodalModel model() {
    return model;
  }

  /** Modalities and classes of the data it was trained on. */
  public DatasetSchema schema() {
    return schema;
  }

  /** Name of the method that trained it. */
  public String method() {
    return method;
  }

  /** Seed of the run. */
  public long seed() {
    return seed;
  }

  @Override
  public List<EpochRecord> curve() {
    return curve;
  }

  @Override
  public SortedMap<String, Double> settings() {
    return settings;
  }

  @Override
  public double seconds() {
    return seconds;
  }

  @Override
  public double stepsPerSecond() {
    return stepsPerSecond;
  }

  @Override
  public void close() {
    scope.close();
  }
}
