package org.modalimmune.conformance;

import org.modalimmune.backend.Backend;
import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.tensor.Allocator;

/**
 * A backend around another one that checks every kernel call from both sides: that the caller kept
 * the rules of {@link org.modalimmune.backend.kernel} (types, shapes, open and own operands,
 * outputs that nothing overlaps), and that the kernel wrote every element of its outputs and
 * nothing else. Fresh memory is NaN, and every allocation is followed by guard bytes. For tests:
 * each call copies all memory it touches.
 */
public final class AssertingBackend implements Backend {
  private final Backend inner;
  private final AssertingAllocator allocator;

  /** Takes over {@code inner} and closes it when closed. */
  public AssertingBackend(Backend inner) {
    this.inner = inner;
    this.allocator = new AssertingAllocator(inner.allocator());
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public String device() {
    return inner.device() + ", asserting";
  }

  @Override
  public Allocator allocator() {
    return allocator;
  }

  @Override
  public Kernels kernels() {
    return new AssertingKernels(inner.kernels(), allocator);
  }

  /** Allocations that have not been released. */
  public int liveAllocations() {
    return allocator.live();
  }

  @Override
  public void close() {
    inner.close();
  }
}
