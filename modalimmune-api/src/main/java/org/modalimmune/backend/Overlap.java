package org.modalimmune.backend;

import java.util.Arrays;
import org.modalimmune.tensor.Tensor;

/** Whether two views share memory. */
final class Overlap {
  private Overlap() {}

  /** Whether both are the very same view: each element at the same place. */
  static boolean sameView(Tensor a, Tensor b) {
    return sameMemory(a, b)
        && a.offset() == b.offset()
        && a.dtype() == b.dtype()
        && a.shape().equals(b.shape())
        && Arrays.equals(a.strides(), b.strides());
  }

  /**
   * Whether the spans from first to last element meet. Interleaved views that share no element are
   * reported as overlapping: safe, and such writes are rare.
   */
  static boolean possible(Tensor a, Tensor b) {
    if (!sameMemory(a, b) || a.elements() == 0 || b.elements() == 0) {
      return false;
    }
    long firstA = a.offset() * a.dtype().byteSize();
    long firstB = b.offset() * b.dtype().byteSize();
    return firstA < firstB + span(b) && firstB < firstA + span(a);
  }

  @SuppressWarnings("ReferenceEquality") // a storage is a place, not a value
  private static boolean sameMemory(Tensor a, Tensor b) {
    return a.storage() == b.storage();
  }

  private static long span(Tensor t) {
    long last = 0;
    for (int i = 0; i < t.shape().rank(); i++) {
      last += (t.shape().dim(i) - 1) * t.stride(i);
    }
    return (last + 1) * t.dtype().byteSize();
  }
}
