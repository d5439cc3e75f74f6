package org.modalimmune.cuda.kernel;

import org.modalimmune.tensor.Tensor;

/** The axes of a reduction: those that are kept and those that are reduced, densest last. */
final class ReductionAxes {
  // shorter ones leave most of a warp without work
  private static final long SHORTEST_FOR_WARP = 16;

  private final Walk kept;
  private final Walk reduced;
  private final int firstKept;

  /**
   * @param x what is reduced
   * @param out the same, but with size 1 on reduced axes
   */
  ReductionAxes(Tensor x, Tensor out) {
    int[] order = byStride(x);
    int rank = order.length;
    int keptCount = 0;
    int first = -1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      if (x.shape().dim(axis) == out.shape().dim(axis)) {
        keptCount++;
        first = x.shape().dim(axis) > 1 ? axis : first;
      }
    }
    long[][] k = new long[3][keptCount];
    long[][] r = new long[2][rank - keptCount];
    int nextKept = 0;
    int nextReduced = 0;
    for (int axis : order) {
      long size = x.shape().dim(axis);
      if (size == out.shape().dim(axis)) {
        k[0][nextKept] = size;
        k[1][nextKept] = x.stride(axis);
        k[2][nextKept++] = out.stride(axis);
      } else {
        r[0][nextReduced] = size;
        r[1][nextReduced++] = x.stride(axis);
      }
    }
    kept = new Walk(k[0], k[1], k[2]);
    reduced = new Walk(r[0], r[1]);
    firstKept = first;
  }

  /** Positions of x and out. */
  Walk kept() {
    return kept;
  }

  /** Positions of x. */
  Walk reduced() {
    return reduced;
  }

  /** The outermost axis of more than one element that is kept. */
  int firstKept() {
    return firstKept;
  }

  /** Whether neighbouring threads take neighbouring outputs. */
  boolean alongKept() {
    if (kept.rank() == 0) {
      return false;
    }
    return reduced.count() < SHORTEST_FOR_WARP
        || distance(kept.innerStride(0)) < distance(reduced.innerStride(0));
  }

  /** Axes from the widest stride to the densest; expanded axes first. */
  private static int[] byStride(Tensor x) {
    int[] order = new int[x.shape().rank()];
    for (int i = 0; i < order.length; i++) {
      int at = i;
      while (at > 0 && distance(x.stride(order[at - 1])) < distance(x.stride(i))) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = i;
    }
    return order;
  }

  private static long distance(long stride) {
    return stride == 0 ? Long.MAX_VALUE : stride;
  }
}
