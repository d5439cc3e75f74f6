package org.modalimmune.cpu.vector;

import org.modalimmune.tensor.Tensor;

/** A reduction as one of a matrix's rows or columns, if axes can be merged to that. */
final class ReductionPlan {
  /** What is summed. */
  enum Kind {
    /** Each row of a matrix whose rows are dense; a whole dense tensor is one row. */
    ROWS,
    /** Each column of a matrix whose rows are dense. */
    COLUMNS,
    /** Anything else. */
    OTHER
  }

  private final Kind kind;
  private final long kept;
  private final long reduced;
  private final long keptStride;
  private final long reducedStride;
  private final long outStride;

  ReductionPlan(Tensor x, Tensor out) {
    Group k = new Group();
    Group r = new Group();
    boolean mergeable = true;
    boolean keptLast = false;
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      long size = x.shape().dim(axis);
      if (size == 1) {
        continue;
      }
      boolean keeps = out.shape().dim(axis) == size;
      long stride = x.stride(axis);
      mergeable &= (keeps ? k : r).append(size, stride, keeps ? out.stride(axis) : 0);
      keptLast = keeps;
    }
    kept = k.size;
    reduced = r.size;
    keptStride = k.stride;
    reducedStride = r.stride;
    outStride = k.outStride;
    if (mergeable && !keptLast && reducedStride == 1) {
      kind = Kind.ROWS;
    } else if (mergeable && keptLast && keptStride == 1 && reduced > 1) {
      kind = Kind.COLUMNS;
    } else {
      kind = Kind.OTHER;
    }
  }

  Kind kind() {
    return kind;
  }

  /** Number of sums. */
  long kept() {
    return kept;
  }

  /** Number of elements in each sum. */
  long reduced() {
    return reduced;
  }

  /** From an element of one sum to that of the next, in elements. */
  long keptStride() {
    return keptStride;
  }

  /** From one element of a sum to the next, in elements. */
  long reducedStride() {
    return reducedStride;
  }

  /** From one sum to the next in the output, in elements. */
  long outStride() {
    return outStride;
  }

  /** Axes of one kind, merged. */
  private static final class Group {
    private long size = 1;
    private long stride = 1;
    private long outStride = 1;
    private boolean empty = true;

    boolean append(long nextSize, long nextStride, long nextOut) {
      boolean merges =
          empty || (stride == nextSize * nextStride && outStride == nextSize * nextOut);
      size *= nextSize;
      stride = nextStride;
      outStride = nextOut;
      empty = false;
      return merges;
    }
  }
}
