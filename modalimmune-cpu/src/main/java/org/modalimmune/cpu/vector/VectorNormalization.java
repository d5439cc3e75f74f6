package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.NormalizationKernels;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Storage;
import org.modalimmune.tensor.Tensor;

/**
 * Row-wise normalisations of dense tensors. Float32 rows are worked on where they lie, softmax in
 * float32 and layer normalisation in float64, rounded once.
 */
final class VectorNormalization implements NormalizationKernels {
  // rows of fewer elements than this cost as much as one of them
  private static final int ROW_OVERHEAD = 16;
  private static final long ELEMENTS_PER_PART = 8_000;

  private final HostAllocator allocator;
  private final WorkerPool workers;
  private final ElementwiseKernels elementwise;
  private final NormalizationKernels base;

  /**
   * @param elementwise copies operands that are not dense
   * @param base computes what is not done here
   */
  VectorNormalization(
      HostAllocator allocator,
      WorkerPool workers,
      ElementwiseKernels elementwise,
      NormalizationKernels base) {
    this.allocator = allocator;
    this.workers = workers;
    this.elementwise = elementwise;
    this.base = base;
  }

  @Override
  public void softmax(Tensor x, Tensor out) {
    if (!x.isContiguous() || !out.isContiguous()) {
      base.softmax(x, out);
      return;
    }
    if (x.dtype() == DType.FLOAT32) {
      floatRows(
          x,
          out,
          (from, p, to, q, n, index) -> {
            float max = FloatRows.max(from, p, n);
            double sum = FloatRows.exponentials(from, p, max, to, q, n);
            FloatRows.scale(to, q, (float) (1 / sum), n);
          });
      return;
    }
    rows(
        x,
        out,
        (row, t, n, index) -> {
          NormalizationRows.subtract(row, NormalizationRows.max(row, n), row, n);
          DoubleSeries.exp(row, 0, row, 0, n);
          NormalizationRows.divide(row, RowSums.sumDoubles(row, 0, n), n);
        });
  }

  @Override
  public void logSoftmax(Tensor x, Tensor out) {
    if (!x.isContiguous() || !out.isContiguous()) {
      base.logSoftmax(x, out);
      return;
    }
    if (x.dtype() == DType.FLOAT32) {
      floatRows(
          x,
          out,
          (from, p, to, q, n, index) -> {
            float max = FloatRows.max(from, p, n);
            double sum = FloatRows.sumOfExponentials(from, p, max, n) / FloatRows.LARGE;
            FloatRows.subtract(from, p, max, (float) StrictMath.log(sum), to, q, n);
          });
      return;
    }
    rows(
        x,
        out,
        (row, t, n, index) -> {
          NormalizationRows.subtract(row, NormalizationRows.max(row, n), row, n);
          DoubleSeries.exp(row, 0, t, 0, n);
          double log = StrictMath.log(RowSums.sumDoubles(t, 0, n));
          NormalizationRows.subtract(row, log, row, n);
        });
  }

  @Override
  public void softmaxPullback(Tensor softmax, Tensor cotangent, Tensor out) {
    if (!softmax.isContiguous() || !out.isContiguous()) {
      base.softmaxPullback(softmax, cotangent, out);
      return;
    }
    try (Scope scope = new Scope(allocator)) {
      new SoftmaxPullback(workers, softmax, dense(scope, cotangent), out).softmax();
    }
  }

  @Override
  public void logSoftmaxPullback(Tensor logSoftmax, Tensor cotangent, Tensor out) {
    if (!logSoftmax.isContiguous() || !out.isContiguous()) {
      base.logSoftmaxPullback(logSoftmax, cotangent, out);
      return;
    }
    try (Scope scope = new Scope(allocator)) {
      new SoftmaxPullback(workers, logSoftmax, dense(scope, cotangent), out).logSoftmax();
    }
  }

  @Override
  public void layerNorm(Tensor x, double epsilon, Tensor out, Tensor reciprocalStd) {
    if (!x.isContiguous() || !out.isContiguous() || !reciprocalStd.isContiguous()) {
      base.layerNorm(x, epsilon, out, reciprocalStd);
      return;
    }
    MemorySegment r = HostStorage.segmentOf(reciprocalStd);
    if (x.dtype() == DType.FLOAT32) {
      floatRows(
          x,
          out,
          (from, p, to, q, n, index) -> {
            double mean = RowSums.sumFloats(from, p / Float.BYTES, n) / n;
            double scale = reciprocalStd(from, p, mean, epsilon, n);
            FloatRows.standardize(from, p, mean, scale, to, q, n);
            r.setAtIndex(JAVA_FLOAT, reciprocalStd.offset() + index, (float) scale);
          });
      return;
    }
    rows(
        x,
        out,
        (row, room, n, index) ->
            r.setAtIndex(
                JAVA_DOUBLE, reciprocalStd.offset() + index, layerNorm(row, room, epsilon, n)));
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
    boolean dense = x.isContiguous() && gain.isContiguous() && bias.isContiguous();
    if (!dense
        || !normalized.isContiguous()
        || !out.isContiguous()
        || !reciprocalStd.isContiguous()) {
      base.scaledLayerNorm(x, gain, bias, epsilon, normalized, reciprocalStd, out);
      return;
    }
    MemorySegment r = HostStorage.segmentOf(reciprocalStd);
    MemorySegment factors = HostStorage.segmentOf(gain);
    MemorySegment shifts = HostStorage.segmentOf(bias);
    MemorySegment z = HostStorage.segmentOf(out);
    if (x.dtype() == DType.FLOAT32) {
      long s = gain.offset() * Float.BYTES;
      long t = bias.offset() * Float.BYTES;
      floatRows(
          x,
          normalized,
          (from, p, to, q, n, index) -> {
            double mean = RowSums.sumFloats(from, p / Float.BYTES, n) / n;
            double scale = reciprocalStd(from, p, mean, epsilon, n);
            r.setAtIndex(JAVA_FLOAT, reciprocalStd.offset() + index, (float) scale);
            long at = (out.offset() + index * n) * Float.BYTES;
            FloatLayerNorm.standardize(
                from, p, mean, scale, to, q, factors, s, shifts, t, z, at, n);
          });
      return;
    }
    long s = gain.offset() * Double.BYTES;
    long t = bias.offset() * Double.BYTES;
    rows(
        x,
        normalized,
        (row, room, n, index) -> {
          r.setAtIndex(
              JAVA_DOUBLE, reciprocalStd.offset() + index, layerNorm(row, room, epsilon, n));
          long at = (out.offset() + index * n) * Double.BYTES;
          DoubleLayerNorm.scale(row, 0, factors, s, shifts, t, z, at, n);
        });
  }

  @Override
  public void layerNormPullback(
      Tensor normalized, Tensor reciprocalStd, Tensor cotangent, Tensor out) {
    if (!normalized.isContiguous() || !reciprocalStd.isContiguous() || !out.isContiguous()) {
      base.layerNormPullback(normalized, reciprocalStd, cotangent, out);
      return;
    }
    try (Scope scope = new Scope(allocator)) {
      Tensor g = dense(scope, cotangent);
      new LayerNormPullback(allocator, workers, normalized, reciprocalStd, g, out).plain();
    }
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
    boolean dense = normalized.isContiguous() && reciprocalStd.isContiguous();
    if (!dense || !out.isContiguous() || !gainOut.isContiguous() || !biasOut.isContiguous()) {
      base.scaledLayerNormPullback(
          normalized, reciprocalStd, gain, cotangent, out, gainOut, biasOut);
      return;
    }
    try (Scope scope = new Scope(allocator)) {
      Tensor g = dense(scope, cotangent);
      new LayerNormPullback(allocator, workers, normalized, reciprocalStd, g, out)
          .scaled(dense(scope, gain), gainOut, biasOut);
    }
  }

  /** The operand, or a copy: a cotangent may be an expanded view. */
  private Tensor dense(Scope scope, Tensor t) {
    if (t.isContiguous()) {
      return t;
    }
    Tensor copy = scope.allocate(t.dtype(), t.shape());
    elementwise.copy(t, copy);
    return copy;
  }

  private static double reciprocalStd(
      MemorySegment from, long p, double mean, double epsilon, int n) {
    return 1 / Math.sqrt(FloatRows.squares(from, p, mean, n) / n + epsilon);
  }

  /** Normalises a row of float64 in place; returns its reciprocal deviation. */
  private static double layerNorm(MemorySegment row, MemorySegment room, double epsilon, int n) {
    double mean = RowSums.sumDoubles(row, 0, n) / n;
    NormalizationRows.squares(row, mean, room, n);
    double variance = RowSums.sumDoubles(room, 0, n) / n;
    double scale = 1 / Math.sqrt(variance + epsilon);
    NormalizationRows.scale(row, mean, scale, n);
    return scale;
  }

  private interface FloatRowFunction {
    /** Computes a row of n float32 elements; positions in bytes. */
    void apply(MemorySegment from, long p, MemorySegment to, long q, int n, long index);
  }

  private interface RowFunction {
    /** Changes a row of n float64 elements in place, with room for as many. */
    void apply(MemorySegment row, MemorySegment t, int n, long index);
  }

  private void floatRows(Tensor x, Tensor out, FloatRowFunction f) {
    if (x.elements() == 0) {
      return;
    }
    int n = Math.toIntExact(x.shape().dim(-1));
    long count = x.elements() / n;
    MemorySegment from = HostStorage.segmentOf(x);
    MemorySegment to = HostStorage.segmentOf(out);
    int parts = parts(count, n);
    workers.run(
        parts,
        part -> {
          long last = count * (part + 1) / parts;
          for (long i = count * part / parts; i < last; i++) {
            long p = (x.offset() + i * n) * Float.BYTES;
            f.apply(from, p, to, (out.offset() + i * n) * Float.BYTES, n, i);
          }
        });
  }

  private void rows(Tensor x, Tensor out, RowFunction f) {
    if (x.elements() == 0) {
      return;
    }
    int n = Math.toIntExact(x.shape().dim(-1));
    long count = x.elements() / n;
    MemorySegment from = HostStorage.segmentOf(x);
    MemorySegment to = HostStorage.segmentOf(out);
    int parts = parts(count, n);
    workers.run(
        parts,
        part -> {
          Storage scratch = allocator.allocate(n * 16L);
          try {
            MemorySegment memory = ((HostStorage) scratch).segment();
            MemorySegment row = memory.asSlice(0, n * 8L);
            MemorySegment t = memory.asSlice(n * 8L, n * 8L);
            long last = count * (part + 1) / parts;
            for (long i = count * part / parts; i < last; i++) {
              MemorySegment.copy(from, (x.offset() + i * n) * 8, row, 0, n * 8L);
              f.apply(row, t, n, i);
              MemorySegment.copy(row, 0, to, (out.offset() + i * n) * 8, n * 8L);
            }
          } finally {
            allocator.release(scratch);
          }
        });
  }

  private int parts(long count, int n) {
    long cost = count * Math.max(n, ROW_OVERHEAD);
    return (int) Math.min(Math.min(count, workers.threads() * 2L), 1 + cost / ELEMENTS_PER_PART);
  }
}
