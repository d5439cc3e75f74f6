package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.ReductionKernels;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Sums and extrema of dense rows, columns or whole tensors as vectors; other reductions by the
 * reference kernels.
 *
 * <p>A long sum is cut into chunks of fixed size, whose sums are added pairwise: the tree depends
 * on the shape alone.
 */
final class VectorReduction implements ReductionKernels {
  private static final int CHUNK = 8192;
  private static final long ELEMENTS_PER_PART = 50_000;

  private final HostAllocator allocator;
  private final WorkerPool workers;
  private final ReductionKernels base;

  VectorReduction(HostAllocator allocator, WorkerPool workers, ReductionKernels base) {
    this.allocator = allocator;
    this.workers = workers;
    this.base = base;
  }

  @Override
  public void reduce(ReduceOp op, Tensor x, Tensor out) {
    ReductionPlan plan = new ReductionPlan(x, out);
    if (x.elements() == 0) {
      base.reduce(op, x, out);
    } else if (plan.kind() == ReductionPlan.Kind.OTHER) {
      reduceSlices(op, x, out);
    } else if (plan.kind() == ReductionPlan.Kind.COLUMNS) {
      new ColumnReduction(op, x, plan).run(allocator, workers, out);
    } else if (op == ReduceOp.SUM) {
      sumRows(x, out, plan);
    } else {
      extremeRows(op == ReduceOp.MAX ? 1 : -1, x, out, plan);
    }
  }

  @Override
  public void dot(Tensor a, Tensor b, Tensor out) {
    if (!a.isContiguous() || !b.isContiguous()) {
      base.dot(a, b, out);
      return;
    }
    boolean narrow = a.dtype() == DType.FLOAT32;
    MemorySegment x = HostStorage.segmentOf(a);
    MemorySegment y = HostStorage.segmentOf(b);
    double sum =
        chunked(
            a.elements(),
            (from, n) ->
                narrow
                    ? RowSums.dotFloats(x, a.offset() + from, y, b.offset() + from, n)
                    : RowSums.dotDoubles(x, a.offset() + from, y, b.offset() + from, n));
    store(HostStorage.segmentOf(out), narrow, out.offset(), sum);
  }

  /** Splits along the first axis if it is kept: its slices may be rows or columns. */
  private void reduceSlices(ReduceOp op, Tensor x, Tensor out) {
    if (x.shape().rank() < 3 || x.shape().dim(0) != out.shape().dim(0)) {
      base.reduce(op, x, out);
      return;
    }
    for (long i = 0; i < x.shape().dim(0); i++) {
      reduce(op, x.select(0, i), out.select(0, i));
    }
  }

  private void sumRows(Tensor x, Tensor out, ReductionPlan plan) {
    boolean narrow = x.dtype() == DType.FLOAT32;
    MemorySegment in = HostStorage.segmentOf(x);
    MemorySegment z = HostStorage.segmentOf(out);
    if (plan.kept() == 1) {
      double sum = chunked(plan.reduced(), (from, n) -> rowSum(in, narrow, x.offset() + from, n));
      store(z, narrow, out.offset(), sum);
      return;
    }
    int parts = parts(x.elements(), plan.kept());
    workers.run(
        parts,
        part -> {
          long last = plan.kept() * (part + 1) / parts;
          for (long i = plan.kept() * part / parts; i < last; i++) {
            long row = x.offset() + i * plan.keptStride();
            double sum =
                Chunks.sum(plan.reduced(), CHUNK, (from, n) -> rowSum(in, narrow, row + from, n));
            store(z, narrow, out.offset() + i * plan.outStride(), sum);
          }
        });
  }

  private void extremeRows(int sign, Tensor x, Tensor out, ReductionPlan plan) {
    boolean narrow = x.dtype() == DType.FLOAT32;
    MemorySegment in = HostStorage.segmentOf(x);
    MemorySegment z = HostStorage.segmentOf(out);
    int parts = parts(x.elements(), plan.kept());
    workers.run(
        parts,
        part -> {
          long last = plan.kept() * (part + 1) / parts;
          for (long i = plan.kept() * part / parts; i < last; i++) {
            long row = x.offset() + i * plan.keptStride();
            double largest = Double.NEGATIVE_INFINITY;
            for (long from = 0; from < plan.reduced(); from += CHUNK) {
              int n = (int) Math.min(CHUNK, plan.reduced() - from);
              largest =
                  Math.max(
                      largest,
                      narrow
                          ? RowExtrema.floats(sign, in, row + from, n)
                          : RowExtrema.doubles(sign, in, row + from, n));
            }
            store(z, narrow, out.offset() + i * plan.outStride(), sign * largest);
          }
        });
  }

  /** Sum over chunks, the chunks shared by the threads. */
  private double chunked(long count, Chunks.ChunkSum f) {
    int chunks = Math.toIntExact((count + CHUNK - 1) / CHUNK);
    int parts = parts(count, chunks);
    if (parts <= 1) {
      return Chunks.sum(count, CHUNK, f);
    }
    double[] sums = new double[chunks];
    workers.run(
        parts,
        part -> {
          int last = (int) ((long) chunks * (part + 1) / parts);
          for (int c = (int) ((long) chunks * part / parts); c < last; c++) {
            long from = (long) c * CHUNK;
            sums[c] = f.of(from, (int) Math.min(CHUNK, count - from));
          }
        });
    return Chunks.pairwise(sums, 0, chunks);
  }

  private int parts(long elements, long units) {
    return (int)
        Math.min(Math.min(units, workers.threads() * 2L), 1 + elements / ELEMENTS_PER_PART);
  }

  private static double rowSum(MemorySegment x, boolean narrow, long at, int n) {
    return narrow ? RowSums.sumFloats(x, at, n) : RowSums.sumDoubles(x, at, n);
  }

  private static void store(MemorySegment z, boolean narrow, long at, double value) {
    if (narrow) {
      z.setAtIndex(JAVA_FLOAT, at, (float) value);
    } else {
      z.setAtIndex(JAVA_DOUBLE, at, value);
    }
  }
}
