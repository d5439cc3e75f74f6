package org.modalimmune.cuda.kernel;

import org.modalimmune.tensor.DType;

/**
 * Element-wise operations in order, on dense memory of one length and type. A value is known by
 * where it lies: an operation that reads what an earlier one wrote takes it from there. Refuses
 * what would make the order of elements matter: memory that meets other memory of the chain without
 * being the same.
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
  private final boolean[] uniform = new boolean[MAX_INPUTS];
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

  /** Whether an operand is one element that stands for all. */
  boolean isStretched(int operation, int k) {
    int operand = operands[operation][k];
    return operand >= 0 && uniform[operand];
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

  /** Whether an input is one element that stands for all. */
  boolean isUniform(int i) {
    return uniform[i];
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
      operands[at][k] = operandAt(at, call.address(k), call.isUniform(k));
    }
    outputs[at] = call.output();
    blocks[at] = call.block();
    dead[at] = false;
    return true;
  }

  private int operandAt(int end, long address, boolean oneForAll) {
    for (int j = end - 1; j >= 0 && !oneForAll; j--) {
      if (outputs[j] == address) {
        return -1 - j;
      }
    }
    for (int i = 0; i < inputCount; i++) {
      if (inputs[i] == address && uniform[i] == oneForAll) {
        return i;
      }
    }
    inputs[inputCount] = address;
    uniform[inputCount] = oneForAll;
    return inputCount++;
  }

  private boolean isSeparate(ChainCall call) {
    for (int j = 0; j < size; j++) {
      if (!sameOrApart(outputs[j], false, call.output(), false)) {
        return false;
      }
      for (int k = 0; k < call.function().operands(); k++) {
        if (!sameOrApart(outputs[j], false, call.address(k), call.isUniform(k))) {
          return false;
        }
      }
    }
    for (int i = 0; i < inputCount; i++) {
      if (!sameOrApart(inputs[i], uniform[i], call.output(), false)) {
        return false;
      }
    }
    return true;
  }

  private boolean sameOrApart(long a, boolean aUniform, long b, boolean bUniform) {
    long endA = a + (aUniform ? 1 : elements) * type.byteSize();
    long endB = b + (bUniform ? 1 : elements) * type.byteSize();
    return a >= endB || b >= endA || (a == b && aUniform == bUniform);
  }

  /** Writes down all but addresses and scalars. */
  void describe(ChainShape shape) {
    shape.reset();
    shape.add(type.byteSize());
    shape.add(inputCount);
    for (int i = 0; i < inputCount; i++) {
      shape.add(uniform[i] ? 1 : 0);
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
