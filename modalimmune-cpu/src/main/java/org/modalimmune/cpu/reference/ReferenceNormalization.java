package org.modalimmune.cpu.reference;

import java.util.Arrays;
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
  public void softmaxPullback(Tensor softmax, Tensor cotangent, Tensor out) {
    pullBack(
        softmax,
        cotangent,
        out,
        (y, g) -> {
          double along = 0;
          for (int i = 0; i < g.length; i++) {
            along += g[i] * y[i];
          }
          for (int i = 0; i < g.length; i++) {
            g[i] = y[i] * (g[i] - along);
          }
        });
  }

  @Override
  public void logSoftmaxPullback(Tensor logSoftmax, Tensor cotangent, Tensor out) {
    pullBack(
        logSoftmax,
        cotangent,
        out,
        (y, g) -> {
          double sum = 0;
          for (double v : g) {
            sum += v;
          }
          for (int i = 0; i < g.length; i++) {
            g[i] -= StrictMath.exp(y[i]) * sum;
          }
        });
  }

  private interface RowPullback {
    /** Changes the cotangent of a row y to that of its operand. */
    void apply(double[] y, double[] g);
  }

  private static void pullBack(Tensor result, Tensor cotangent, Tensor out, RowPullback f) {
    View rows = View.of(result);
    int last = rows.dims().length - 1;
    double[] y = new double[Math.toIntExact(rows.dims()[last])];
    Walk w = new Walk(rows.select(last, 0));
    forEachRow(
        cotangent,
        out,
        g -> {
          w.next();
          for (int i = 0; i < y.length; i++) {
            y[i] = rows.get(w.at(0) + i * rows.strides()[last]);
          }
          f.apply(y, g);
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

  @Override
  public void scaledLayerNorm(
      Tensor x,
      Tensor gain,
      Tensor bias,
      double epsilon,
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor out) {
    layerNorm(x, epsilon, normalized, reciprocalStd);
    double[] factor = vector(gain);
    double[] shift = vector(bias);
    forEachRow(
        normalized,
        out,
        row -> {
          for (int i = 0; i < row.length; i++) {
            row[i] = row[i] * factor[i] + shift[i];
          }
        });
  }

  @Override
  public void layerNormPullback(
      Tensor normalized, Tensor reciprocalStd, Tensor cotangent, Tensor out) {
    double[] ones = new double[Math.toIntExact(normalized.shape().dim(-1))];
    Arrays.fill(ones, 1);
    pullBack(normalized, reciprocalStd, ones, cotangent, out);
  }

  @Override
  public void scaledLayerNormPullback(
      Tensor normalized,
      Tensor reciprocalStd,
      Tensor gain,
      Tensor cotangent,
      Tensor out,
      Tensor gainOut,
      Tensor biasOut) {
    pullBack(normalized, reciprocalStd, vector(gain), cotangent, out);
    View products = View.of(gainOut);
    View sums = View.of(biasOut);
    View y = View.of(normalized);
    View g = View.of(cotangent);
    int last = y.dims().length - 1;
    for (long j = 0; j < y.dims()[last]; j++) {
      CompensatedSum product = new CompensatedSum();
      CompensatedSum sum = new CompensatedSum();
      for (Walk w = new Walk(y.select(last, j), g.select(last, j)); w.next(); ) {
        double value = g.get(w.at(1));
        product.add(value * y.get(w.at(0)));
        sum.add(value);
      }
      products.set(gainOut.offset() + j * gainOut.stride(0), product.value());
      sums.set(biasOut.offset() + j * biasOut.stride(0), sum.value());
    }
  }

  private static void pullBack(
      Tensor normalized, Tensor reciprocalStd, double[] gain, Tensor cotangent, Tensor out) {
    View y = View.of(normalized);
    View r = View.of(reciprocalStd);
    int last = y.dims().length - 1;
    Walk w = new Walk(y.select(last, 0), r.select(last, 0));
    forEachRow(
        cotangent,
        out,
        row -> {
          w.next();
          long at = w.at(0);
          long stride = y.strides()[last];
          double sum = 0;
          double along = 0;
          for (int i = 0; i < row.length; i++) {
            row[i] *= gain[i];
            sum += row[i];
            along += row[i] * y.get(at + i * stride);
          }
          double mean = sum / row.length;
          double slope = along / row.length;
          for (int i = 0; i < row.length; i++) {
            row[i] = (row[i] - mean - y.get(at + i * stride) * slope) * r.get(w.at(1));
          }
        });
  }

  private static double[] vector(Tensor t) {
    View v = View.of(t);
    double[] values = new double[Math.toIntExact(t.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = v.get(t.offset() + i * t.stride(0));
    }
    return values;
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
