package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.tensor.Storage;
import org.modalimmune.tensor.Tensor;

/**
 * Brings strided operands to functions of dense blocks. An operand whose inner stride is 1 is used
 * where it lies; an expanded one is repeated, and any other gathered, into a block that stays in
 * the first cache. Several short rows make one block. The last tensor is the output; each element
 * is computed by itself, so that neither blocks nor threads change a result.
 */
final class BlockLoop {
  // a part of the work for one thread; below two of them the caller works alone
  private static final long COST_PER_PART = 50_000;
  private static final int SMALL = 4096;

  private final HostAllocator allocator;
  private final WorkerPool workers;

  BlockLoop(HostAllocator allocator, WorkerPool workers) {
    this.allocator = allocator;
    this.workers = workers;
  }

  /** A function of dense blocks: operands and output in the order of the tensors. */
  @FunctionalInterface
  interface BlockFunction {
    /**
     * Computes one block.
     *
     * @param memory memory of each tensor
     * @param at position of each tensor's block in its memory, in elements
     * @param n number of elements, at most 2^30
     * @param wide room of {@link ElementBlocks#WIDE_BYTES}
     */
    void apply(MemorySegment[] memory, long[] at, int n, MemorySegment wide);
  }

  /**
   * Runs {@code f} over all elements.
   *
   * @param cost nanoseconds per 16 elements, roughly
   * @param tensors operands, then the output
   */
  void run(ElementBlocks blocks, int cost, BlockFunction f, Tensor... tensors) {
    long elements = tensors[0].elements();
    if (elements == 0) {
      return;
    }
    if (elements <= SMALL && areContiguous(tensors)) {
      runAtOnce(f, (int) elements, tensors);
      return;
    }
    StridedPlan plan = new StridedPlan(tensors);
    boolean dense = true;
    for (int t = 0; t < tensors.length; t++) {
      dense &= plan.innerStride(t) == 1;
    }
    long inner = plan.innerSize();
    // short rows share a block, if the output has a place for it
    boolean groups = inner <= ElementBlocks.BLOCK / 2 && tensors[tensors.length - 1].isContiguous();
    int group = groups ? (int) Math.min(plan.rows(), ElementBlocks.BLOCK / inner) : 1;
    int piece = dense ? 1 << 14 : ElementBlocks.BLOCK;
    long perRow = (inner + piece - 1) / piece;
    long units = (plan.rows() + group - 1) / group * perRow;
    int parts =
        (int)
            Math.min(
                Math.min(units, workers.threads() * 4L), 1 + elements * cost / 16 / COST_PER_PART);
    workers.run(
        parts,
        part -> {
          try (Staging staging = new Staging(blocks, plan, group, tensors)) {
            long last = units * (part + 1) / parts;
            for (long u = units * part / parts; u < last; u++) {
              long row = u / perRow * group;
              long from = u % perRow * piece;
              int rows = (int) Math.min(group, plan.rows() - row);
              staging.apply(f, row, rows, from, (int) Math.min(piece, inner - from));
            }
          }
        });
  }

  private static boolean areContiguous(Tensor[] tensors) {
    for (Tensor t : tensors) {
      if (!t.isContiguous()) {
        return false;
      }
    }
    return true;
  }

  /** One block where the tensors lie, without a plan. */
  private void runAtOnce(BlockFunction f, int n, Tensor[] tensors) {
    MemorySegment[] memory = new MemorySegment[tensors.length];
    long[] at = new long[tensors.length];
    for (int t = 0; t < tensors.length; t++) {
      memory[t] = HostStorage.segmentOf(tensors[t]);
      at[t] = tensors[t].offset();
    }
    try (Scratch wide = Scratch.bytes(allocator, ElementBlocks.WIDE_BYTES)) {
      f.apply(memory, at, n, wide.memory());
    }
  }

  /** The blocks of one thread. */
  private final class Staging implements AutoCloseable {
    private final ElementBlocks blocks;
    private final StridedPlan plan;
    private final int group;
    private final Tensor[] tensors;
    private final MemorySegment[] home;
    private final MemorySegment[] memory;
    private final long[] at;
    private final boolean[] inPlace;
    private final long[] repeated;
    private final int repeats;
    private final Storage scratch;
    private final MemorySegment temporary;
    private final MemorySegment wide;

    Staging(ElementBlocks blocks, StridedPlan plan, int group, Tensor[] tensors) {
      this.blocks = blocks;
      this.plan = plan;
      this.group = group;
      this.tensors = tensors;
      int count = tensors.length;
      home = new MemorySegment[count];
      memory = new MemorySegment[count];
      at = new long[count];
      inPlace = new boolean[count];
      repeated = new long[count];
      repeats = (int) Math.min(ElementBlocks.BLOCK, plan.innerSize());
      long bytes = (long) ElementBlocks.BLOCK * blocks.size() * count;
      scratch = allocator.allocate(bytes + ElementBlocks.WIDE_BYTES);
      temporary = ((HostStorage) scratch).segment();
      wide = temporary.asSlice(bytes, ElementBlocks.WIDE_BYTES);
      for (int t = 0; t < count; t++) {
        home[t] = HostStorage.segmentOf(tensors[t]);
        inPlace[t] = group > 1 ? tensors[t].isContiguous() : plan.innerStride(t) == 1;
        memory[t] = inPlace[t] ? home[t] : temporary;
        at[t] = (long) t * ElementBlocks.BLOCK;
        repeated[t] = -1;
      }
    }

    /** Elements {@code from} to {@code from + n - 1} of a row, or several whole rows of n. */
    void apply(BlockFunction f, long row, int rows, long from, int n) {
      int out = tensors.length - 1;
      for (int t = 0; t <= out; t++) {
        long p = position(t, row, from);
        if (inPlace[t]) {
          at[t] = p;
        } else if (t < out) {
          bring(t, p, row, rows, n);
        }
      }
      f.apply(memory, at, rows * n, wide);
      if (!inPlace[out]) {
        long stride = plan.innerStride(out);
        blocks.copy(temporary, at[out], 1, home[out], position(out, row, from), stride, n);
      }
    }

    private long position(int t, long row, long from) {
      return tensors[t].offset() + plan.rowStart(t, row) + from * plan.innerStride(t);
    }

    private void bring(int t, long p, long row, int rows, int n) {
      if (plan.innerStride(t) == 0 && group == 1) {
        if (repeated[t] != p) {
          blocks.repeat(home[t], p, temporary, at[t], repeats);
          repeated[t] = p;
        }
      } else if (plan.repeatsRow(t)) {
        if (repeated[t] != p) {
          bringRow(t, p, at[t], n);
          long bytes = (long) n * blocks.size();
          long first = at[t] * blocks.size();
          // what is there is doubled until the block is full
          for (long done = bytes; done < bytes * group; done *= 2) {
            long more = Math.min(done, bytes * group - done);
            MemorySegment.copy(temporary, first, temporary, first + done, more);
          }
          repeated[t] = p;
        }
      } else {
        for (int k = 0; k < rows; k++) {
          bringRow(t, k == 0 ? p : position(t, row + k, 0), at[t] + (long) k * n, n);
        }
      }
    }

    private void bringRow(int t, long p, long to, int n) {
      long stride = plan.innerStride(t);
      if (stride == 0) {
        blocks.repeat(home[t], p, temporary, to, n);
      } else {
        blocks.copy(home[t], p, stride, temporary, to, 1, n);
      }
    }

    @Override
    public void close() {
      allocator.release(scratch);
    }
  }
}
