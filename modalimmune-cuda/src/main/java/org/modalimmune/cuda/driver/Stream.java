package org.modalimmune.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUgraph;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.runtime.cudaStream_t;

/**
 * A queue of work for one device: pieces run in the order in which they were given. All methods but
 * {@link #synchronize} return before the work is done. Calls from several threads must be
 * serialised by the caller; the stream itself is the lock to hold.
 */
public final class Stream implements AutoCloseable {
  private final Device device;
  private final StreamHandle stream = new StreamHandle();
  private PendingWork pending = PendingWork.none();

  /**
   * @param device where the work runs
   */
  public Stream(Device device) {
    this.device = device;
    device.makeCurrent();
    // Non-blocking: independent of the default stream, which other users of the device may be on.
    DriverStatus.check(
        "cuStreamCreate",
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        device.description());
  }

  /** The device. */
  public Device device() {
    return device;
  }

  /** Work to be asked for before anything else is given to the stream. */
  public void setPending(PendingWork work) {
    pending = work;
  }

  /** Says that nobody will read the memory at this address any more. */
  public void released(long address) {
    pending.released(address);
  }

  /**
   * Makes the device current and the stream complete up to here. Every method of this class that
   * gives work to the stream begins with it; so must those who give work by another library.
   */
  public void settle() {
    pending.flush();
    device.makeCurrent();
  }

  /**
   * Starts a kernel.
   *
   * @param kernel what to run
   * @param grid blocks, at least 1
   * @param block threads of a block
   * @param sharedBytes dynamic shared memory of a block
   * @param parameters the kernel's parameters; free for reuse on return
   */
  public void launch(
      DeviceKernel kernel, int grid, int block, int sharedBytes, ParameterBlock parameters) {
    settle();
    int status =
        JCudaDriver.cuLaunchKernel(
            kernel.function(),
            grid,
            1,
            1,
            block,
            1,
            1,
            sharedBytes,
            stream,
            null,
            parameters.list());
    if (status != 0) {
      DriverStatus.check("cuLaunchKernel(" + kernel.name() + ")", status, device.description());
    }
  }

  /** Copies pinned host memory to the device; the source must stay as it is until then. */
  public void copyToDevice(long target, MemorySegment pinned) {
    settle();
    DriverStatus.check(
        "cuMemcpyHtoDAsync",
        JCudaDriver.cuMemcpyHtoDAsync(
            new DeviceAddress(target), new HostAddress(pinned), pinned.byteSize(), stream),
        device.description());
  }

  /** Copies device memory to pinned host memory; it is there after an event or synchronize. */
  public void copyToHost(MemorySegment pinned, long source) {
    settle();
    DriverStatus.check(
        "cuMemcpyDtoHAsync",
        JCudaDriver.cuMemcpyDtoHAsync(
            new HostAddress(pinned), new DeviceAddress(source), pinned.byteSize(), stream),
        device.description());
  }

  /** Copies within the device; the ranges must not overlap. */
  public void copy(long target, long source, long bytes) {
    settle();
    DriverStatus.check(
        "cuMemcpyDtoDAsync",
        JCudaDriver.cuMemcpyDtoDAsync(
            new DeviceAddress(target), new DeviceAddress(source), bytes, stream),
        device.description());
  }

  /** Sets every byte of a range. */
  public void fill(long target, byte value, long bytes) {
    settle();
    DriverStatus.check(
        "cuMemsetD8Async",
        JCudaDriver.cuMemsetD8Async(new DeviceAddress(target), value, bytes, stream),
        device.description());
  }

  /** Puts a mark behind all work given so far. */
  public void record(Event event) {
    settle();
    DriverStatus.check(
        "cuEventRecord", JCudaDriver.cuEventRecord(event.handle(), stream), device.description());
  }

  /** Waits until all work given so far is done. */
  public void synchronize() {
    settle();
    DriverStatus.check(
        "cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream), device.description());
  }

  /** From here to {@link #endCapture} work is written down instead of done. */
  public void beginCapture() {
    settle();
    // Relaxed: the pool may still ask the driver for memory meanwhile, which is not stream work.
    DriverStatus.check(
        "cuStreamBeginCapture",
        JCudaDriver.cuStreamBeginCapture(
            stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED),
        device.description());
  }

  /** Ends a capture; the work written down can be run any number of times. */
  public Graph endCapture() {
    settle();
    CUgraph graph = new CUgraph();
    DriverStatus.check(
        "cuStreamEndCapture", JCudaDriver.cuStreamEndCapture(stream, graph), device.description());
    return new Graph(device, graph);
  }

  /** Ends a capture that failed half way, and forgets it. */
  public void abandonCapture() {
    device.makeCurrent();
    CUgraph graph = new CUgraph();
    // An invalidated capture answers with an error, and has ended all the same.
    if (JCudaDriver.cuStreamEndCapture(stream, graph) == 0) {
      JCudaDriver.cuGraphDestroy(graph);
    }
  }

  /** The stream as JCuda's bindings of the other libraries take it. */
  public cudaStream_t runtimeHandle() {
    return new cudaStream_t(stream);
  }

  /** The stream as native code takes it. */
  public long address() {
    return stream.value();
  }

  /** Waits for the work and ends the stream. */
  @Override
  public void close() {
    synchronize();
    DriverStatus.check(
        "cuStreamDestroy", JCudaDriver.cuStreamDestroy(stream), device.description());
  }

  CUstream handle() {
    return stream;
  }
}
