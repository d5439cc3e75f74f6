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
 * the first cache. The last tensor is the output; each element is computed by itself, so that
 * neither blocks nor threads change a result.
 */
final class BlockLoop {
  // a part of the work for one thread; below two of them the caller works alone
  private static final long COST_PER_PART = 50_000;

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
    StridedPlan plan = new StridedPlan(tensors);
    boolean dense = true;
    for (int t = 0; t < tensors.length; t++) {
      dense &= plan.innerStride(t) == 1;
    }
    long inner = plan.innerSize();
    int piece = dense ? 1 << 14 : ElementBlocks.BLOCK;
    long perRow = (inner + piece - 1) / piece;
    long units = plan.rows() * perRow;
    int parts =
        (int)
            Math.min(
                Math.min(units, workers.threads() * 4L), 1 + elements * cost / 16 / COST_PER_PART);
    workers.run(
        parts,
        part -> {
          try (Staging staging = new Staging(blocks, plan, tensors)) {
            long last = units * (part + 1) / parts;
            long row = units * part / parts / perRow;
            long from = units * part / parts % perRow * piece;
            for (long u = units * part / parts; u < last; u++) {
              staging.apply(f, row, from, (int) Math.min(piece, inner - from));
              from += piece;
              if (from >= inner) {
                from = 0;
                row++;
              }
            }
          }
        });
  }

  /** The blocks of one thread. */
  private final class Staging implements AutoCloseable {
    private final ElementBlocks blocks;
    private final StridedPlan plan;
    private final Tensor[] tensors;
    private final MemorySegment[] home;
    private final MemorySegment[] memory;
    private final long[] at;
    private final long[] repeated;
    private final int repeats;
    private final Storage scratch;
    private final MemorySegment temporary;
    private final MemorySegment wide;

    Staging(ElementBlocks blocks, StridedPlan plan, Tensor[] tensors) {
      this.blocks = blocks;
      this.plan = plan;
      this.tensors = tensors;
      int count = tensors.length;
      home = new MemorySegment[count];
      memory = new MemorySegment[count];
      at = new long[count];
      repeated = new long[count];
      repeats = (int) Math.min(ElementBlocks.BLOCK, plan.innerSize());
      for (int t = 0; t < count; t++) {
        home[t] = HostStorage.segmentOf(tensors[t]);
        repeated[t] = -1;
      }
      long bytes = (long) ElementBlocks.BLOCK * blocks.size() * count;
      scratch = allocator.allocate(bytes + ElementBlocks.WIDE_BYTES);
      temporary = ((HostStorage) scratch).segment();
      wide = temporary.asSlice(bytes, ElementBlocks.WIDE_BYTES);
    }

    void apply(BlockFunction f, long row, long from, int n) {
      int out = tensors.length - 1;
      for (int t = 0; t < out; t++) {
        long stride = plan.innerStride(t);
        long p = tensors[t].offset() + plan.rowStart(t, row) + from * stride;
        long block = (long) t * ElementBlocks.BLOCK;
        memory[t] = stride == 1 ? home[t] : temporary;
        at[t] = stride == 1 ? p : block;
        if (stride == 0 && repeated[t] != p) {
          blocks.repeat(home[t], p, temporary, block, repeats);
          repeated[t] = p;
        } else if (stride != 0 && stride != 1) {
          blocks.copy(home[t], p, stride, temporary, block, 1, n);
        }
      }
      long stride = plan.innerStride(out);
      long p = tensors[out].offset() + plan.rowStart(out, row) + from * stride;
      long block = (long) out * ElementBlocks.BLOCK;
      memory[out] = stride == 1 ? home[out] : temporary;
      at[out] = stride == 1 ? p : block;
      f.apply(memory, at, n, wide);
      if (stride != 1) {
        blocks.copy(temporary, block, 1, home[out], p, stride, n);
      }
    }

    @Override
    public void close() {
      allocator.release(scratch);
    }
  }
}
