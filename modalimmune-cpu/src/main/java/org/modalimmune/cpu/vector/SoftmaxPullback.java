package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Adjoints of softmax's and logSoftmax's derivatives on dense tensors, in one pass over memory: a
 * row's sum is taken on the way into the caches.
 */
final class SoftmaxPullback {
  /** Exponentials that wait in the caches for the sums of their rows. */
  private static final int BLOCK_ELEMENTS = 4096;

  private static final long ELEMENTS_PER_PART = 16_000;

  private final WorkerPool workers;
  private final boolean narrow;
  private final int n;
  private final long rows;
  private final MemorySegment y;
  private final long yAt;
  private final MemorySegment g;
  private final long gAt;
  private final MemorySegment out;
  private final long outAt;

  SoftmaxPullback(WorkerPool workers, Tensor rowsOfResult, Tensor cotangent, Tensor result) {
    this.workers = workers;
    narrow = rowsOfResult.dtype() == DType.FLOAT32;
    n = Math.toIntExact(rowsOfResult.shape().dim(-1));
    rows = rowsOfResult.elements() / n;
    y = HostStorage.segmentOf(rowsOfResult);
    yAt = rowsOfResult.offset() * size();
    g = HostStorage.segmentOf(cotangent);
    gAt = cotangent.offset() * size();
    out = HostStorage.segmentOf(result);
    outAt = result.offset() * size();
  }

  /** {@code out = y (g - sum g y)}. */
  void softmax() {
    overBlocks(
        (first, last) -> {
          for (long i = first; i < last; i++) {
            long d = i * n * size();
            if (narrow) {
              FloatSoftmaxPullback.pullBack(g, gAt + d, y, yAt + d, out, outAt + d, n);
            } else {
              DoubleSoftmaxPullback.pullBack(g, gAt + d, y, yAt + d, out, outAt + d, n);
            }
          }
        });
  }

  /** {@code out = g - exp(y) sum g}. */
  void logSoftmax() {
    overBlocks(
        (first, last) -> {
          long at = first * n * size();
          exponentials(yAt + at, outAt + at, (int) (last - first) * n);
          for (long i = first; i < last; i++) {
            long d = i * n * size();
            if (narrow) {
              double sum = RowSums.sumFloats(g, (gAt + d) / size(), n);
              FloatSoftmaxPullback.subtract(g, gAt + d, (float) sum, out, outAt + d, n);
            } else {
              double sum = RowSums.sumDoubles(g, (gAt + d) / size(), n);
              DoubleSoftmaxPullback.subtract(g, gAt + d, sum, out, outAt + d, n);
            }
          }
        });
  }

  /** {@code z = e^y} on {@code count} elements. */
  private void exponentials(long q, long r, int count) {
    if (!narrow) {
      DoubleSeries.exp(y, q, out, r, count);
      return;
    }
    int lanes = FloatSeries.LANES;
    FloatSeries.exp(y, q, out, r, count - count % lanes);
    if (count % lanes == 0) {
      return;
    }
    if (count > lanes) {
      // the last vector overlaps the one before, which gives the same numbers again
      long d = (long) (count - lanes) * size();
      FloatSeries.exp(y, q + d, out, r + d, lanes);
      return;
    }
    for (int i = 0; i < count; i++) {
      long d = (long) i * size();
      out.set(JAVA_FLOAT, r + d, (float) StrictMath.exp(y.get(JAVA_FLOAT, q + d)));
    }
  }

  private interface BlockFunction {
    /** Does rows {@code first} to {@code last - 1}. */
    void apply(long first, long last);
  }

  private void overBlocks(BlockFunction f) {
    long blockRows = Math.max(1, BLOCK_ELEMENTS / n);
    int blocks = Math.toIntExact((rows + blockRows - 1) / blockRows);
    int parts = Parts.of(workers, blocks, rows * n, ELEMENTS_PER_PART);
    workers.run(
        parts,
        part -> {
          long last = (long) blocks * (part + 1) / parts;
          for (long b = (long) blocks * part / parts; b < last; b++) {
            f.apply(b * blockRows, Math.min(rows, (b + 1) * blockRows));
          }
        });
  }

  private int size() {
    return narrow ? Float.BYTES : Double.BYTES;
  }
}
