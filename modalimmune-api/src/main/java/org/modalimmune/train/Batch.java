package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Training rows on the tape of one step: features as constants, labels and presence on the host.
 */
public final class Batch {
  private final Tape tape;
  private final DeviceRows source;
  private final int[] rows;
  private final int classes;
  private final List<Variable> features = new ArrayList<>();

  Batch(Tape tape, DeviceRows source, int[] rows, int classes) {
    this.tape = tape;
    this.source = source;
    this.rows = rows;
    this.classes = classes;
    for (int m = 0; m < source.modalities(); m++) {
      features.add(tape.constant(tape.ops().gatherRows(source.features(m), rows)));
    }
  }

  /** The step's tape. */
  public Tape tape() {
    return tape;
  }

  /** Number of rows B. */
  public int size() {
    return rows.length;
  }

  /** Number of modalities M. */
  public int modalities() {
    return features.size();
  }

  /** Number of classes C. */
  public int classes() {
    return classes;
  }

  /** Standardised features [B, n_m] of a modality; zeros where a row lacks it. */
  public Variable features(int modality) {
    return features.get(modality);
  }

  /** Class index of row i. */
  public int label(int i) {
    return source.label(rows[i]);
  }

  /** Whether row i has a modality. */
  public boolean isPresent(int i, int modality) {
    return source.isPresent(rows[i], modality);
  }

  /** Modalities that row i has, as bits. */
  public long presentMask(int i) {
    long mask = 0;
    for (int m = 0; m < features.size(); m++) {
      mask |= isPresent(i, m) ? 1L << m : 0;
    }
    return mask;
  }

  /** A constant of the batch's element type on its tape, values in row-major order. */
  public Variable constant(Shape shape, float[] values) {
    Tensor t = tape.scope().of(shape, values);
    return tape.constant(tape.ops().cast(t, features.getFirst().dtype()));
  }
}
