package org.modalimmune.hypergradient;

import java.util.List;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * A vector that lies on a backend as several tensors, and as one array here, row-major in order.
 */
final class Blocks {
  private Blocks() {}

  static int elements(List<Tensor> blocks) {
    return Math.toIntExact(blocks.stream().mapToLong(Tensor::elements).sum());
  }

  static double[] read(List<Tensor> blocks) {
    double[] values = new double[elements(blocks)];
    read(blocks, values);
    return values;
  }

  static void read(List<Tensor> blocks, double[] values) {
    int at = 0;
    for (Tensor t : blocks) {
      double[] part = t.toDoubleArray();
      System.arraycopy(part, 0, values, at, part.length);
      at += part.length;
    }
  }

  /** Each value rounded to its block's type. */
  static void write(double[] values, List<Tensor> blocks) {
    int at = 0;
    for (Tensor t : blocks) {
      double[] part = new double[Math.toIntExact(t.elements())];
      System.arraycopy(values, at, part, 0, part.length);
      t.set(part);
      at += part.length;
    }
  }

  /** What {@link #write} leaves of the values. */
  static void round(double[] values, List<Tensor> blocks) {
    int at = 0;
    for (Tensor t : blocks) {
      int end = at + Math.toIntExact(t.elements());
      if (t.dtype() == DType.FLOAT32) {
        for (int i = at; i < end; i++) {
          values[i] = (float) values[i];
        }
      }
      at = end;
    }
  }

  /** Unit roundoff of the least precise block. */
  static double unitRoundoff(List<Tensor> blocks) {
    return blocks.stream().mapToDouble(t -> t.dtype().unitRoundoff()).max().orElse(0);
  }

  /** Whether both have the same shapes and types. */
  static boolean alike(List<Tensor> a, List<Tensor> b) {
    boolean alike = a.size() == b.size();
    for (int i = 0; alike && i < a.size(); i++) {
      alike = a.get(i).shape().equals(b.get(i).shape()) && a.get(i).dtype() == b.get(i).dtype();
    }
    return alike;
  }
}
