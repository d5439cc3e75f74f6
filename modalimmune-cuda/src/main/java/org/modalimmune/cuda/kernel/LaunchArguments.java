package org.modalimmune.cuda.kernel;

import org.modalimmune.cuda.driver.ParameterBlock;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * The arguments of one launch in the order of the kernel's parameters, packed as the device expects
 * them. Each method checks that the memory is still in use. For one thread; reused by the next
 * launch.
 */
public final class LaunchArguments {
  private final ParameterBlock block = new ParameterBlock();

  /** Empty. */
  public LaunchArguments() {}

  /** Address of the view's first element. */
  public LaunchArguments address(Tensor t) {
    block.add(DeviceStorage.addressOf(t));
    return this;
  }

  /** Address of a byte of a storage. */
  public LaunchArguments address(DeviceStorage storage, long byteOffset) {
    block.add(storage.address() + byteOffset);
    return this;
  }

  /** An {@code int}. */
  public LaunchArguments of(int value) {
    block.add(value);
    return this;
  }

  /** A {@code long long}. */
  public LaunchArguments of(long value) {
    block.add(value);
    return this;
  }

  /** A {@code float}. */
  public LaunchArguments of(float value) {
    block.add(value);
    return this;
  }

  /** A {@code double}. */
  public LaunchArguments of(double value) {
    block.add(value);
    return this;
  }

  /** A number of the element type, rounded to it. */
  public LaunchArguments scalar(DType type, double value) {
    return type == DType.FLOAT32 ? of((float) value) : of(value);
  }

  /** Forgets all arguments. */
  LaunchArguments reset() {
    block.reset();
    return this;
  }

  /** The packed arguments. */
  ParameterBlock block() {
    return block;
  }
}
