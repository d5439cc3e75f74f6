package org.modalimmune.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The parameters of one launch, packed as the device expects them: each at the next multiple of its
 * natural alignment, in the order of the kernel's declaration. The block is reused: {@link #reset}
 * starts the next launch's parameters. The memory is freed with the object.
 *
 * <p>A launch copies the block before it returns (CUDA driver API, {@code cuLaunchKernel}), so the
 * block can be filled again at once. For one thread at a time.
 */
public final class ParameterBlock {
  /** Most bytes of parameters that every supported device takes. */
  public static final int CAPACITY = 4096;

  // CU_LAUNCH_PARAM_BUFFER_POINTER and _BUFFER_SIZE of cuda.h; 0 ends the list.
  private static final long BUFFER_POINTER = 1;
  private static final long BUFFER_SIZE = 2;
  private static final long ALIGNMENT = 16;
  private static final int LIST_BYTES = 48;
  private static final int SIZE_AT = 40;

  // [list: key, address, key, address of size, end][size][parameters]
  private final MemorySegment memory =
      Arena.ofAuto().allocate(LIST_BYTES + (long) CAPACITY, ALIGNMENT);
  private final MemorySegment parameters = memory.asSlice(LIST_BYTES);
  private final HostAddress list = new HostAddress(memory);
  private int size;

  /** An empty block. */
  public ParameterBlock() {
    memory.set(ValueLayout.JAVA_LONG, 0, BUFFER_POINTER);
    memory.set(ValueLayout.JAVA_LONG, 8, parameters.address());
    memory.set(ValueLayout.JAVA_LONG, 16, BUFFER_SIZE);
    memory.set(ValueLayout.JAVA_LONG, 24, memory.address() + SIZE_AT);
    memory.set(ValueLayout.JAVA_LONG, 32, 0L);
  }

  /** Forgets all parameters. */
  public void reset() {
    size = 0;
  }

  /** Appends a 32-bit integer. */
  public void add(int value) {
    parameters.set(ValueLayout.JAVA_INT, place(Integer.BYTES, Integer.BYTES), value);
  }

  /** Appends a 64-bit integer or an address. */
  public void add(long value) {
    parameters.set(ValueLayout.JAVA_LONG, place(Long.BYTES, Long.BYTES), value);
  }

  /** Appends a float32. */
  public void add(float value) {
    parameters.set(ValueLayout.JAVA_FLOAT, place(Float.BYTES, Float.BYTES), value);
  }

  /** Appends a float64. */
  public void add(double value) {
    parameters.set(ValueLayout.JAVA_DOUBLE, place(Double.BYTES, Double.BYTES), value);
  }

  /** Bytes of parameters so far. */
  public int size() {
    return size;
  }

  /** A view of the packed parameters. */
  public MemorySegment bytes() {
    return parameters.asSlice(0, size).asReadOnly();
  }

  /** The list that a launch takes, with the present size. */
  HostAddress list() {
    memory.set(ValueLayout.JAVA_LONG, SIZE_AT, size);
    return list;
  }

  private int place(int bytes, int alignment) {
    int at = (size + alignment - 1) & -alignment;
    if (at + bytes > CAPACITY) {
      throw new IllegalStateException(
          "launch: more than " + CAPACITY + " bytes of parameters; pass an array in memory");
    }
    size = at + bytes;
    return at;
  }
}
