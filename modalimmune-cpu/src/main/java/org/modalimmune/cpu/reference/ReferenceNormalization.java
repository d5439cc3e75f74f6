package org.modalimmune.cpu.reference;

import org.modalimmune.backend.kernel.NormalizationKernels;
import org.modalimmune.tensor.Tensor;

/** Row-wise normalisations, each row in float64. */
public final class ReferenceNormalization implements NormalizationKernels {
  /** Has no state. */
  public ReferenceNormalization() {}

  @Override
  public void softmax(Tensor x, Tensor out) {
    forEachRow(
        x,
        out,
        row -> {
          double max = max(row);
          double sum = 0;
          for (int i = 0; i < row.length; i++) {
            row[i] = StrictMath.exp(row[i] - max);
            sum += row[i];
          }
          for (int i = 0; i < row.length; i++) {
            row[i] /= sum;
          }
        });
  }

  @Override
  public void logSoftmax(Tensor x, Tensor out) {
    forEachRow(
        x,
        out,
        row -> {
          double max = max(row);
          double sum = 0;
          for (double v : row) {
            sum += StrictMath.exp(v - max);
          }
          double log = StrictMath.log(sum);
          for (int i = 0; i < row.length; i++) {
            row[i] = row[i] - max - log;
          }
        });
  }

  @Override
  public void layerNorm(Tensor x, double epsilon, Tensor out, Tensor reciprocalStd) {
    View r = View.of(reciprocalStd);
    Walk w = new Walk(r);
    forEachRow(
        x,
        out,
        row -> {
          w.next();
          double sum = 0;
          for (double v : row) {
            sum += v;
          }
          double mean = sum / row.length;
          double squares = 0;
          for (double v : row) {
            squares += (v - mean) * (v - mean);
          }
          double scale = 1 / Math.sqrt(squares / row.length + epsilon);
          for (int i = 0; i < row.length; i++) {
            row[i] = (row[i] - mean) * scale;
          }
          r.set(w.at(0), scale);
        });
  }

  private interface RowFunction {
    void apply(double[] row);
  }

  private static void forEachRow(Tensor x, Tensor out, RowFunction f) {
    View in = View.of(x);
    View z = View.of(out);
    int last = in.dims().length - 1;
    double[] row = new double[Math.toIntExact(in.dims()[last])];
    for (Walk w = new Walk(in.select(last, 0), z.select(last, 0)); w.next(); ) {
      for (int i = 0; i < row.length; i++) {
        row[i] = in.get(w.at(0) + i * in.strides()[last]);
      }
      f.apply(row);
      for (int i = 0; i < row.length; i++) {
        z.set(w.at(1) + i * z.strides()[last], row[i]);
      }
    }
  }

  private static double max(double[] row) {
    double best = Double.NEGATIVE_INFINITY;
    for (double v : row) {
      best = Math.max(best, v);
    }
    return best;
  }
}
