package org.modalimmune.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Modality;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.TrainingData;
import org.modalimmune.io.DataException;

/**
 * All that decides the bits of a run beside the program itself, as texts by name: method, seed,
 * backend, data, settings of the loop and of the method.
 */
record RunIdentity(SortedMap<String, String> texts) {
  /** How many differences one message lists. */
  private static final int LISTED = 3;

  RunIdentity {
    texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
  }

  static RunIdentity of(
      String method,
      SortedMap<String, String> configuration,
      long seed,
      String backend,
      TrainingData data,
      TrainingOptions options) {
    SortedMap<String, String> texts = new TreeMap<>();
    texts.put("method", method);
    configuration.forEach((name, text) -> texts.put("method." + name, text));
    texts.put("seed", Long.toString(seed));
    texts.put("backend", backend);
    RecordSettings.of(options).forEach((name, text) -> texts.put("training." + name, text));
    texts.put("data.modalities", modalities(data.schema().modalities()));
    texts.put("data.classes", String.join(", ", data.schema().classNames()));
    texts.put("data.train-rows", Integer.toString(data.train().rows()));
    texts.put("data.validation-rows", Integer.toString(data.validation().rows()));
    texts.put("data.sha256", fingerprint(data));
    return new RunIdentity(texts);
  }

  private static String modalities(List<Modality> modalities) {
    return String.join(
        ", ", modalities.stream().map(m -> m.name() + " (" + m.columns() + ")").toList());
  }

  /** Names, and the values, presence and labels of the rows in their order. */
  private static String fingerprint(TrainingData data) {
    Fingerprint fingerprint = new Fingerprint().texts(data.schema().classNames());
    for (Modality m : data.schema().modalities()) {
      fingerprint.text(m.name()).texts(m.columnNames());
    }
    add(fingerprint, data.train());
    add(fingerprint, data.validation());
    return fingerprint.hex();
  }

  private static void add(Fingerprint fingerprint, MultimodalSplit split) {
    fingerprint.number(split.rows());
    for (FeatureMatrix features : split.features()) {
      fingerprint.values(features.toArray());
      for (int i = 0; i < features.rows(); i++) {
        fingerprint.number(features.isPresent(i) ? 1 : 0);
      }
    }
    for (int label : split.labels()) {
      fingerprint.number(label);
    }
  }

  /**
   * Refuses to continue a run of another identity.
   *
   * @param file the checkpoint, for the message
   * @param stored what it says of its run
   */
  void requireSame(Path file, RunIdentity stored) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(texts.keySet());
    names.addAll(stored.texts.keySet());
    for (String name : names) {
      String here = texts.getOrDefault(name, "not set");
      String there = stored.texts.getOrDefault(name, "not set");
      if (!here.equals(there)) {
        differences.add(name + " is " + there + ", this run has " + here);
      }
    }
    if (!differences.isEmpty()) {
      int more = differences.size() - LISTED;
      throw new DataException(
          file
              + ": a checkpoint of another run: "
              + String.join("; ", differences.subList(0, Math.min(LISTED, differences.size())))
              + (more > 0 ? "; and " + more + " more" : "")
              + "; continue with the method, data, settings, seed and backend that it was written"
              + " with, or begin anew");
    }
  }
}
