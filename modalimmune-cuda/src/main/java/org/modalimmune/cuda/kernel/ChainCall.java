package org.modalimmune.cuda.kernel;

import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** One element-wise operation as a chain takes it: addresses instead of tensors. Reused. */
final class ChainCall {
  private final long[] addresses = new long[Chain.MAX_OPERANDS];
  private final boolean[] uniform = new boolean[Chain.MAX_OPERANDS];
  private ElementFunction function = ElementFunction.COPY;
  private double firstScalar;
  private double secondScalar;
  private long output;
  private long block;
  private long elements;
  private DType type = DType.FLOAT32;

  /** Takes the operation over; the operands are {@link #isChainable}. */
  void set(
      ElementFunction f, double first, double second, Tensor a, Tensor b, Tensor c, Tensor out) {
    function = f;
    firstScalar = first;
    secondScalar = second;
    elements = out.elements();
    type = out.dtype();
    operand(0, a);
    operand(1, b);
    operand(2, c);
    output = DeviceStorage.addressOf(out);
    block = DeviceStorage.of(out).address();
  }

  private void operand(int k, Tensor t) {
    if (k < function.operands()) {
      addresses[k] = DeviceStorage.addressOf(t);
      uniform[k] = !t.isContiguous();
    }
  }

  /** Whether a chain can read it: dense, or one element stretched to all. */
  static boolean isChainable(Tensor t) {
    if (t.isContiguous()) {
      return true;
    }
    for (int axis = 0; axis < t.shape().rank(); axis++) {
      if (t.stride(axis) != 0 && t.shape().dim(axis) > 1) {
        return false;
      }
    }
    return true;
  }

  ElementFunction function() {
    return function;
  }

  double firstScalar() {
    return firstScalar;
  }

  double secondScalar() {
    return secondScalar;
  }

  long address(int k) {
    return addresses[k];
  }

  /** Whether an operand is one element that stands for all. */
  boolean isUniform(int k) {
    return uniform[k];
  }

  /** Address of the output. */
  long output() {
    return output;
  }

  /** Address of the block of memory that the output lies in. */
  long block() {
    return block;
  }

  long elements() {
    return elements;
  }

  DType type() {
    return type;
  }
}
