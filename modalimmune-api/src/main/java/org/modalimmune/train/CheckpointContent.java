package org.modalimmune.train;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.io.StoredType;

/**
 * What a checkpoint holds.
 *
 * @param identity of the run
 * @param tensors parameters and the like by name
 * @param state all else
 */
record CheckpointContent(
    RunIdentity identity, SortedMap<String, Values> tensors, TrainingState state) {
  CheckpointContent {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }

  /**
   * One tensor.
   *
   * @param type F32 or F64
   * @param shape sizes, outermost first
   * @param values row-major, exact in the type
   */
  @SuppressWarnings("ArrayRecordComponent") // passed from hand to hand, not a value to compare
  record Values(StoredType type, List<Long> shape, double[] values) {
    Values {
      shape = List.copyOf(shape);
    }
  }

  /** SHA-256 of everything. */
  String fingerprint() {
    Fingerprint fingerprint = new Fingerprint().number(identity.texts().size());
    identity.texts().forEach((name, text) -> fingerprint.text(name).text(text));
    fingerprint.number(tensors.size());
    tensors.forEach(
        (name, tensor) -> {
          fingerprint.text(name).text(tensor.type().name()).number(tensor.shape().size());
          tensor.shape().forEach(fingerprint::number);
          fingerprint.values(tensor.values());
        });
    state.arrays().forEach((name, values) -> fingerprint.text(name).values(values));
    return fingerprint.hex();
  }
}
