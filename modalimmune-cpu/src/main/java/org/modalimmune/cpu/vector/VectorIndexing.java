package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.IndexingKernels;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Row access where rows are dense; the reference kernels elsewhere. */
final class VectorIndexing implements IndexingKernels {
  private final ElementBlocks floats = new FloatBlocks();
  private final ElementBlocks doubles = new DoubleBlocks();
  private final IndexingKernels base;

  VectorIndexing(IndexingKernels base) {
    this.base = base;
  }

  @Override
  public void gatherRows(Tensor x, int[] rows, Tensor out) {
    if (rows.length == 0 || out.elements() == 0) {
      return;
    }
    if (!out.isContiguous() || !x.select(0, 0).isContiguous()) {
      base.gatherRows(x, rows, out);
      return;
    }
    int size = x.dtype().byteSize();
    long bytes = out.elements() / rows.length * size;
    long stride = x.stride(0) * size;
    MemorySegment from = HostStorage.segmentOf(x);
    MemorySegment to = HostStorage.segmentOf(out);
    long p = x.offset() * size;
    long q = out.offset() * size;
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(from, p + rows[i] * stride, to, q + i * bytes, bytes);
    }
  }

  @Override
  public void scatterAddRows(Tensor x, int[] rows, Tensor out) {
    long width = x.shape().without(0).elements();
    if (!x.isContiguous() || !out.isContiguous() || width > Integer.MAX_VALUE - 64) {
      base.scatterAddRows(x, rows, out);
      return;
    }
    ElementBlocks blocks = x.dtype() == DType.FLOAT32 ? floats : doubles;
    MemorySegment from = HostStorage.segmentOf(x);
    MemorySegment to = HostStorage.segmentOf(out);
    int size = x.dtype().byteSize();
    to.asSlice(out.offset() * size, out.elements() * size).fill((byte) 0);
    for (int i = 0; i < rows.length; i++) {
      long target = out.offset() + rows[i] * width;
      blocks.axpy(1, from, x.offset() + i * width, to, target, (int) width);
    }
  }
}
