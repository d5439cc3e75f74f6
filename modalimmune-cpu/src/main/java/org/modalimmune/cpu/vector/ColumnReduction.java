package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Sums or extrema of a matrix's columns: running results of chunks of rows, joined pairwise. What a
 * chunk is depends on the shape alone. Several rows of a narrow matrix that lie behind one another
 * are taken as one of a wider matrix, whose columns meet at the end.
 */
final class ColumnReduction {
  private static final int CHUNK_ROWS = 512;
  // wide enough for long loops, and a few rows left of them
  private static final int GROUPED_WIDTH = 512;
  private static final int MOST_GROUPED = 64;
  private static final int LEAST_ROWS = 4;
  private static final long ELEMENTS_PER_PART = 50_000;

  private final ReduceOp op;
  private final boolean narrow;
  private final MemorySegment in;
  private final long offset;
  private final ReductionPlan plan;
  private final int columns;
  private final int group;
  private final int chunkRows;

  ColumnReduction(ReduceOp op, Tensor x, ReductionPlan plan) {
    this.op = op;
    this.plan = plan;
    narrow = x.dtype() == DType.FLOAT32;
    in = HostStorage.segmentOf(x);
    offset = x.offset();
    columns = Math.toIntExact(plan.kept());
    long useful = Math.min(GROUPED_WIDTH / columns, plan.reduced() / LEAST_ROWS);
    boolean behindOneAnother = plan.reducedStride() == columns;
    group = behindOneAnother ? Math.clamp(useful, 1, MOST_GROUPED) : 1;
    chunkRows = CHUNK_ROWS * group;
  }

  void run(HostAllocator allocator, WorkerPool workers, Tensor out) {
    int chunks = Math.toIntExact((plan.reduced() + chunkRows - 1) / chunkRows);
    int width = columns * group;
    try (Scratch scratch = Scratch.bytes(allocator, 8L * width * chunks)) {
      MemorySegment running = scratch.memory();
      int parts = Parts.of(workers, chunks, plan.reduced() * columns, ELEMENTS_PER_PART);
      workers.run(
          parts,
          part -> {
            int last = (int) ((long) chunks * (part + 1) / parts);
            for (int c = (int) ((long) chunks * part / parts); c < last; c++) {
              chunk(c, running, (long) c * width);
            }
          });
      for (int step = 1; step < chunks; step *= 2) {
        for (int c = 0; c + step < chunks; c += 2 * step) {
          join(running, (c + (long) step) * width, 1, (long) c * width);
        }
      }
      store(running, out);
    }
  }

  private void chunk(long index, MemorySegment running, long at) {
    int rows = (int) Math.min(chunkRows, plan.reduced() - index * chunkRows);
    int width = columns * group;
    fill(running, at, width);
    int groups = rows / group;
    long stride = plan.reducedStride();
    long p = offset + index * chunkRows * stride;
    rows(p, stride * group, groups, width, running, at);
    rows(p + (long) groups * group * stride, stride, rows - groups * group, columns, running, at);
    join(running, at + columns, group - 1, at);
  }

  private void rows(long p, long stride, int rows, int width, MemorySegment running, long at) {
    if (op == ReduceOp.SUM) {
      if (narrow) {
        ColumnSums.floats(in, p, stride, rows, width, running, at);
      } else {
        ColumnSums.doubles(in, p, stride, rows, width, running, at);
      }
    } else if (narrow) {
      ColumnExtrema.floats(sign(), in, p, stride, rows, width, running, at);
    } else {
      ColumnExtrema.doubles(sign(), in, p, stride, rows, width, running, at);
    }
  }

  /** The least element is the largest one of the negated, negated. */
  private int sign() {
    return op == ReduceOp.MIN ? -1 : 1;
  }

  /** Sums run in float64, extrema in the elements' type. */
  private boolean runsWide() {
    return op == ReduceOp.SUM || !narrow;
  }

  private void fill(MemorySegment running, long at, int width) {
    double identity = op == ReduceOp.SUM ? 0 : Double.NEGATIVE_INFINITY;
    if (runsWide()) {
      DoubleFused.fill(identity, running, at * 8, width);
    } else {
      FloatFused.fill(identity, running, at * 4, width);
    }
  }

  /** Takes rows of running results, one behind the other, into the one at {@code to}. */
  private void join(MemorySegment running, long from, int rows, long to) {
    if (op == ReduceOp.SUM) {
      ColumnSums.doubles(running, from, columns, rows, columns, running, to);
    } else if (narrow) {
      ColumnExtrema.floats(1, running, from, columns, rows, columns, running, to);
    } else {
      ColumnExtrema.doubles(1, running, from, columns, rows, columns, running, to);
    }
  }

  private void store(MemorySegment running, Tensor out) {
    MemorySegment z = HostStorage.segmentOf(out);
    if (op == ReduceOp.SUM && narrow && plan.outStride() == 1) {
      Conversion.narrow(running, 0, z, out.offset(), columns);
      return;
    }
    for (int j = 0; j < columns; j++) {
      long at = out.offset() + j * plan.outStride();
      double value =
          runsWide() ? running.getAtIndex(JAVA_DOUBLE, j) : running.getAtIndex(JAVA_FLOAT, j);
      if (narrow) {
        z.setAtIndex(JAVA_FLOAT, at, (float) (sign() * value));
      } else {
        z.setAtIndex(JAVA_DOUBLE, at, sign() * value);
      }
    }
  }
}
