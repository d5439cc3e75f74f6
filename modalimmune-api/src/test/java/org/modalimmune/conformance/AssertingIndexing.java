package org.modalimmune.conformance;

import java.util.Arrays;
import org.modalimmune.backend.kernel.IndexingKernels;
import org.modalimmune.tensor.Tensor;

/** Checks access to rows by index. */
record AssertingIndexing(IndexingKernels inner, AssertingAllocator allocator)
    implements IndexingKernels {
  @Override
  public void gatherRows(Tensor x, int[] rows, Tensor out) {
    KernelCall call = call("gatherRows", x, rows, x, out);
    call.require(out.shape().dim(0) == rows.length, "as many rows as indices are needed");
    int[] given = rows.clone();
    call.run(() -> inner.gatherRows(x, rows, out));
    call.require(Arrays.equals(given, rows), "changed the indices");
  }

  @Override
  public void scatterAddRows(Tensor x, int[] rows, Tensor out) {
    KernelCall call = call("scatterAddRows", x, rows, out, out);
    call.require(x.shape().dim(0) == rows.length, "as many rows as indices are needed");
    int[] given = rows.clone();
    call.run(() -> inner.scatterAddRows(x, rows, out));
    call.require(Arrays.equals(given, rows), "changed the indices");
  }

  private KernelCall call(String name, Tensor x, int[] rows, Tensor indexed, Tensor out) {
    KernelCall call = new KernelCall(allocator, name).reads(x).writes(out);
    call.require(
        x.shape().rank() > 0 && x.shape().rank() == out.shape().rank(), "ranks differ or are 0");
    call.require(x.shape().with(0, 0).equals(out.shape().with(0, 0)), "rows differ in shape");
    for (int r : rows) {
      call.require(r >= 0 && r < indexed.shape().dim(0), "index " + r + " is out of range");
    }
    return call;
  }
}
