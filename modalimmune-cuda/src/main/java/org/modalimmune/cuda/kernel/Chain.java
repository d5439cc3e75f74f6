package org.modalimmune.cuda.kernel;

import org.modalimmune.tensor.DType;

/**
 * Element-wise operations in order, whose outputs are dense memory of one length and type. A value
 * is known by where it lies: an operation that reads what an earlier one wrote takes it from there.
 * Refuses what would make the order of elements matter: memory that meets other memory of the chain
 * without being the same.
 */
final class Chain {
  /** Most operations. */
  static final int MAX_OPERATIONS = 16;

  /** Most operands of one operation. */
  static final int MAX_OPERANDS = 3;

  private static final int MAX_INPUTS = MAX_OPERATIONS * MAX_OPERANDS;

  private final ElementFunction[] functions = new ElementFunction[MAX_OPERATIONS];
  private final int[][] operands = new int[MAX_OPERATIONS][MAX_OPERANDS];
  private final long[][] sources = new long[MAX_OPERATIONS][MAX_OPERANDS];
  private final double[][] scalars = new double[MAX_OPERATIONS][2];
  private final long[] outputs = new long[MAX_OPERATIONS];
  private final long[] blocks = new long[MAX_OPERATIONS];
  private final boolean[] dead = new boolean[MAX_OPERATIONS];
  private final long[] inputs = new long[MAX_INPUTS];
  private final Spread[] spreads = new Spread[MAX_INPUTS];
  private final long[] periods = new long[MAX_INPUTS];
  private int size;
  private int inputCount;
  private long elements;
  private DType type = DType.FLOAT32;

  /** Number of operations. */
  int size() {
    return size;
  }

  /** Number of distinct inputs from memory. */
  int inputCount() {
    return inputCount;
  }

  /** Elements of every output. */
  long elements() {
    return elements;
  }

  DType type() {
    return type;
  }

  ElementFunction function(int operation) {
    return functions[operation];
  }

  /** What an operation reads: an input i as i, the result of operation j as -1 - j. */
  int operand(int operation, int k) {
    return operands[operation][k];
  }

  /** Where an operand lies in memory. */
  long source(int operation, int k) {
    return sources[operation][k];
  }

  /** How an operand's elements stand for those of the output. */
  Spread spread(int operation, int k) {
    int operand = operands[operation][k];
    return operand >= 0 ? spreads[operand] : Spread.DENSE;
  }

  /** The period of the operation's operands that have one; 1 if none has. */
  long period(int operation) {
    long common = 1;
    for (int k = 0; k < functions[operation].operands(); k++) {
      if (spread(operation, k).isPeriodic()) {
        common = periods[operands[operation][k]];
      }
    }
    return common;
  }

  double scalar(int operation, int k) {
    return scalars[operation][k];
  }

  long output(int operation) {
    return outputs[operation];
  }

  long input(int i) {
    return inputs[i];
  }

  /** How an input's elements stand for those of the outputs. */
  Spread spread(int i) {
    return spreads[i];
  }

  /** The period of an input, if it has one. */
  long inputPeriod(int i) {
    return periods[i];
  }

  /** Forgets all operations. */
  void clear() {
    size = 0;
    inputCount = 0;
  }

  /** Whether the operation's output must reach memory: in use, and not overwritten later on. */
  boolean isStored(int operation) {
    if (dead[operation]) {
      return false;
    }
    for (int later = operation + 1; later < size; later++) {
      if (outputs[later] == outputs[operation]) {
        return false;
      }
    }
    return true;
  }

  /** Whether any output must reach memory. */
  boolean hasResult() {
    for (int j = 0; j < size; j++) {
      if (isStored(j)) {
        return true;
      }
    }
    return false;
  }

  /** Nobody will read what was written to the block of memory at this address. */
  void release(long block) {
    for (int i = 0; i < size; i++) {
      dead[i] |= blocks[i] == block;
    }
  }

  /**
   * Appends an operation.
   *
   * @param call the operation with its addresses
   * @return false if it must wait until the chain has run; nothing has changed then
   */
  boolean append(ChainCall call) {
    if (size == 0) {
      elements = call.elements();
      type = call.type();
    }
    if (size == MAX_OPERATIONS
        || elements != call.elements()
        || type != call.type()
        || !isSeparate(call)) {
      return false;
    }
    int at = size++;
    functions[at] = call.function();
    scalars[at][0] = call.firstScalar();
    scalars[at][1] = call.secondScalar();
    for (int k = 0; k < call.function().operands(); k++) {
      sources[at][k] = call.address(k);
      operands[at][k] = operandAt(at, call.address(k), call.spread(k), call.period(k));
    }
    outputs[at] = call.output();
    blocks[at] = call.block();
    dead[at] = false;
    return true;
  }

  private int operandAt(int end, long address, Spread spread, long period) {
    for (int j = end - 1; j >= 0 && spread == Spread.DENSE; j--) {
      if (outputs[j] == address) {
        return -1 - j;
      }
    }
    for (int i = 0; i < inputCount; i++) {
      if (inputs[i] == address && spreads[i] == spread && periods[i] == period) {
        return i;
      }
    }
    inputs[inputCount] = address;
    spreads[inputCount] = spread;
    periods[inputCount] = period;
    return inputCount++;
  }

  private boolean isSeparate(ChainCall call) {
    for (int j = 0; j < size; j++) {
      if (!sameOrApart(outputs[j], call.output(), Spread.DENSE, 1)) {
        return false;
      }
      for (int k = 0; k < call.function().operands(); k++) {
        if (!sameOrApart(outputs[j], call.address(k), call.spread(k), call.period(k))) {
          return false;
        }
      }
    }
    for (int i = 0; i < inputCount; i++) {
      if (!sameOrApart(call.output(), inputs[i], spreads[i], periods[i])) {
        return false;
      }
    }
    return true;
  }

  /** Whether an output and what is read are the same memory or have none in common. */
  private boolean sameOrApart(long output, long read, Spread spread, long period) {
    long outputEnd = output + elements * type.byteSize();
    long readEnd = read + spread.extent(elements, period) * type.byteSize();
    return output >= readEnd || read >= outputEnd || (output == read && spread == Spread.DENSE);
  }

  private static int code(Spread spread) {
    return switch (spread) {
      case DENSE -> 0;
      case ONE -> 1;
      case ROW -> 2;
      case COLUMN -> 3;
      case OTHER -> throw new IllegalStateException("a chain reads no such view");
    };
  }

  /** Writes down all but addresses, lengths, periods and scalars. */
  void describe(ChainShape shape) {
    shape.reset();
    shape.add(type.byteSize());
    shape.add(inputCount);
    for (int i = 0; i < inputCount; i++) {
      shape.add(code(spreads[i]));
    }
    for (int j = 0; j < size; j++) {
      shape.add(functions[j].id());
      for (int k = 0; k < functions[j].operands(); k++) {
        shape.add(operands[j][k]);
      }
      shape.add(isStored(j) ? 1 : 0);
    }
  }
}
