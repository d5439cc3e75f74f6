package org.modalimmune.cuda.kernel;

import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** One element-wise operation as a chain takes it: addresses instead of tensors. Reused. */
final class ChainCall {
  private final long[] addresses = new long[Chain.MAX_OPERANDS];
  private final Spread[] spreads = new Spread[Chain.MAX_OPERANDS];
  private final long[] periods = new long[Chain.MAX_OPERANDS];
  private ElementFunction function = ElementFunction.COPY;
  private double firstScalar;
  private double secondScalar;
  private long output;
  private long block;
  private long elements;
  private DType type = DType.FLOAT32;

  /** Takes the operation over; the output is dense. */
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
      spreads[k] = Spread.of(t);
      periods[k] = spreads[k].period(t);
    }
  }

  /** Whether a chain can take it: every operand is dense or stretched, by one period at most. */
  boolean isChainable() {
    return period() > 0;
  }

  /** The period of the operands that have one; 1 if none has, 0 if there is no common one. */
  private long period() {
    long common = 1;
    for (int k = 0; k < function.operands(); k++) {
      if (spreads[k] == Spread.OTHER
          || (spreads[k].isPeriodic() && common != 1 && periods[k] != common)) {
        return 0;
      }
      common = spreads[k].isPeriodic() ? periods[k] : common;
    }
    return common;
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

  /** How an operand's elements stand for those of the output. */
  Spread spread(int k) {
    return spreads[k];
  }

  /** The period of an operand, if it has one. */
  long period(int k) {
    return periods[k];
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
