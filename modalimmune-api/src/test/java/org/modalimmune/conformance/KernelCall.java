package org.modalimmune.conformance;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Storage;
import org.modalimmune.tensor.Tensor;

/** One kernel call, checked before and after. */
final class KernelCall {
  private final AssertingAllocator allocator;
  private final String name;
  private List<Tensor> operands = List.of();
  private List<Tensor> outputs = List.of();
  private List<Tensor> updated = List.of();
  private boolean mixedTypes;
  private boolean sameViewAllowed;

  KernelCall(AssertingAllocator allocator, String name) {
    this.allocator = allocator;
    this.name = name;
  }

  /** Tensors that are read. */
  KernelCall reads(Tensor... tensors) {
    operands = List.of(tensors);
    return this;
  }

  /** Tensors of which every element is written. */
  KernelCall writes(Tensor... tensors) {
    outputs = List.of(tensors);
    return this;
  }

  /** Tensors that are read and then written. */
  KernelCall updates(Tensor... tensors) {
    updated = List.of(tensors);
    return this;
  }

  KernelCall allowingMixedTypes() {
    mixedTypes = true;
    return this;
  }

  /** An output may be the very same view as an operand. */
  KernelCall allowingSameView() {
    sameViewAllowed = true;
    return this;
  }

  void run(Runnable kernel) {
    List<Tensor> written = Stream.concat(outputs.stream(), updated.stream()).toList();
    operands.forEach(this::requireUsable);
    written.forEach(this::requireUsable);
    for (int i = 0; i < written.size(); i++) {
      requireNotExpanded(written.get(i));
      for (int j = 0; j < i; j++) {
        require(!overlap(written.get(i), written.get(j)), "outputs overlap");
      }
      for (Tensor in : operands) {
        boolean allowed = sameViewAllowed && sameView(written.get(i), in);
        require(allowed || !overlap(written.get(i), in), "an output overlaps an operand");
      }
    }
    IdentityHashMap<Storage, MemorySegment> before = new IdentityHashMap<>();
    operands.forEach(t -> before.computeIfAbsent(t.storage(), allocator::copy));
    written.forEach(t -> before.computeIfAbsent(t.storage(), allocator::copy));
    List<Tensor> fresh =
        outputs.stream().filter(o -> operands.stream().noneMatch(in -> sameView(o, in))).toList();
    fresh.forEach(this::poison);
    try {
      kernel.run();
    } finally {
      check(before, written);
    }
    fresh.forEach(this::requireWritten);
  }

  private void check(IdentityHashMap<Storage, MemorySegment> before, List<Tensor> written) {
    before.forEach(
        (storage, old) -> {
          MemorySegment now = allocator.copy(storage);
          for (Tensor t : written) {
            if (same(t.storage(), storage)) {
              forEachRun(t, (at, bytes) -> blank(at, bytes, old, now));
            }
          }
          long at = old.mismatch(now);
          require(at < 0, "wrote outside its outputs, to byte " + at + " of a storage");
        });
  }

  private static void blank(long at, long bytes, MemorySegment... hosts) {
    for (MemorySegment host : hosts) {
      fill(host, at, bytes, 0);
    }
  }

  private void poison(Tensor t) {
    MemorySegment host = allocator.copy(t.storage());
    forEachRun(t, (at, bytes) -> fill(host, at, bytes, AssertingAllocator.POISON));
    t.storage().write(0, host);
  }

  private static void fill(MemorySegment host, long at, long bytes, int value) {
    for (long i = at; i < at + bytes; i += 4) {
      host.set(ValueLayout.JAVA_INT, i, value);
    }
  }

  private void requireWritten(Tensor t) {
    MemorySegment host = allocator.copy(t.storage());
    int size = t.dtype().byteSize();
    forEachRun(
        t,
        (at, bytes) -> {
          for (long i = at; i < at + bytes; i += size) {
            if (AssertingAllocator.isPoison(host, i)) {
              require(false, "left byte " + i + " of " + Placement.describe(t) + " unwritten");
            }
          }
        });
  }

  private interface RunSink {
    void accept(long at, long bytes);
  }

  /** Byte ranges that a view covers: one if it is contiguous, else one per element. */
  private static void forEachRun(Tensor t, RunSink sink) {
    int size = t.dtype().byteSize();
    if (t.isContiguous()) {
      sink.accept(t.offset() * size, t.elements() * size);
      return;
    }
    for (long i = 0; i < t.elements(); i++) {
      long rest = i;
      long at = t.offset();
      for (int axis = t.shape().rank() - 1; axis >= 0; axis--) {
        long d = t.shape().dim(axis);
        at += rest % d * t.stride(axis);
        rest /= d;
      }
      sink.accept(at * size, size);
    }
  }

  private void requireUsable(Tensor t) {
    allocator.requireLive(t.storage(), name);
    require(t.scope().isOn(allocator), t + " lives on another device");
    DType expected = (operands.isEmpty() ? written() : operands.getFirst()).dtype();
    require(mixedTypes || t.dtype() == expected, "element types differ");
  }

  private Tensor written() {
    return outputs.isEmpty() ? updated.getFirst() : outputs.getFirst();
  }

  private void requireNotExpanded(Tensor t) {
    for (int i = 0; i < t.shape().rank(); i++) {
      require(t.stride(i) != 0 || t.shape().dim(i) <= 1, "an output is expanded");
    }
  }

  /** Fails with the kernel's name and all tensors unless the rule holds. */
  void require(boolean rule, String broken) {
    Refusal.require(
        rule,
        () ->
            name
                + " of "
                + operands.stream().map(Placement::describe).toList()
                + " to "
                + outputs.stream().map(Placement::describe).toList()
                + ", updating "
                + updated.stream().map(Placement::describe).toList()
                + ": "
                + broken);
  }

  @SuppressWarnings("ReferenceEquality") // a storage is a piece of memory, not a value
  private static boolean same(Storage a, Storage b) {
    return a == b;
  }

  /** Whether both are one view of one piece of memory. */
  static boolean sameView(Tensor a, Tensor b) {
    return same(a.storage(), b.storage())
        && a.offset() == b.offset()
        && a.dtype() == b.dtype()
        && a.shape().equals(b.shape())
        && Arrays.equals(a.strides(), b.strides());
  }

  /** Whether the spans of two views meet. */
  private static boolean overlap(Tensor a, Tensor b) {
    return same(a.storage(), b.storage())
        && a.elements() > 0
        && b.elements() > 0
        && first(a) < end(b)
        && first(b) < end(a);
  }

  private static long first(Tensor t) {
    return t.offset() * t.dtype().byteSize();
  }

  private static long end(Tensor t) {
    long last = t.offset();
    for (int i = 0; i < t.shape().rank(); i++) {
      last += (t.shape().dim(i) - 1) * t.stride(i);
    }
    return (last + 1) * t.dtype().byteSize();
  }
}
