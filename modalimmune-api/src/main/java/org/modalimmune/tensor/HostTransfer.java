package org.modalimmune.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies between host arrays and tensors, through the span of storage that a view covers. */
final class HostTransfer {
  private HostTransfer() {}

  static void zero(Tensor t) {
    if (t.dtype() == DType.FLOAT32) {
      write(t, new float[arrayLength(t)]);
    } else {
      write(t, new double[arrayLength(t)]);
    }
  }

  static void write(Tensor t, double[] values) {
    requireWritable(t, values.length);
    if (t.dtype() == DType.FLOAT64) {
      put(t, MemorySegment.ofArray(values));
      return;
    }
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    put(t, MemorySegment.ofArray(rounded));
  }

  static void write(Tensor t, float[] values) {
    requireWritable(t, values.length);
    if (t.dtype() == DType.FLOAT32) {
      put(t, MemorySegment.ofArray(values));
      return;
    }
    double[] widened = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      widened[i] = values[i];
    }
    put(t, MemorySegment.ofArray(widened));
  }

  static double[] readDoubles(Tensor t) {
    double[] out = new double[arrayLength(t)];
    if (t.isContiguous() && t.elements() > 0) {
      readDense(t, out);
      return out;
    }
    MemorySegment span = readSpan(t);
    if (t.dtype() == DType.FLOAT64) {
      gather(t, (at, i) -> out[i] = span.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, at));
    } else {
      gather(t, (at, i) -> out[i] = span.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, at));
    }
    return out;
  }

  static void read(Tensor t, double[] target) {
    if (t.elements() != target.length) {
      throw new IllegalArgumentException(
          "copyTo: "
              + t.shape()
              + " needs an array of "
              + t.elements()
              + " components, got "
              + target.length);
    }
    if (t.isContiguous() && t.elements() > 0) {
      readDense(t, target);
    } else {
      System.arraycopy(readDoubles(t), 0, target, 0, target.length);
    }
  }

  private static void readDense(Tensor t, double[] out) {
    if (t.dtype() == DType.FLOAT64) {
      t.storage().read(t.offset() * Double.BYTES, MemorySegment.ofArray(out));
      return;
    }
    float[] narrow = new float[out.length];
    t.storage().read(t.offset() * Float.BYTES, MemorySegment.ofArray(narrow));
    for (int i = 0; i < out.length; i++) {
      out[i] = narrow[i];
    }
  }

  static float[] readFloats(Tensor t) {
    MemorySegment span = readSpan(t);
    float[] out = new float[arrayLength(t)];
    if (t.dtype() == DType.FLOAT32) {
      if (t.isContiguous()) {
        MemorySegment.copy(span, 0, MemorySegment.ofArray(out), 0, out.length * 4L);
      } else {
        gather(t, (at, i) -> out[i] = span.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, at));
      }
    } else {
      gather(t, (at, i) -> out[i] = (float) span.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, at));
    }
    return out;
  }

  private static void put(Tensor t, MemorySegment host) {
    if (host.byteSize() > 0) {
      t.storage().write(t.offset() * t.dtype().byteSize(), host);
    }
  }

  private static void requireWritable(Tensor t, int count) {
    t.storage();
    if (t.elements() != count) {
      throw new IllegalArgumentException(
          "set: " + t.shape() + " needs " + t.elements() + " values, got " + count);
    }
    if (!t.isContiguous()) {
      throw new IllegalArgumentException(
          "set: the view " + t.shape() + " is not contiguous; write to the tensor it comes from");
    }
  }

  private static int arrayLength(Tensor t) {
    if (t.elements() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "array: " + t.shape() + " has more elements than a Java array; take slices");
    }
    return (int) t.elements();
  }

  /** Host copy of the storage between the view's first and last element. */
  private static MemorySegment readSpan(Tensor t) {
    Storage storage = t.storage();
    if (t.elements() == 0) {
      return MemorySegment.ofArray(new byte[0]);
    }
    long last = 0;
    for (int i = 0; i < t.shape().rank(); i++) {
      last += (t.shape().dim(i) - 1) * t.stride(i);
    }
    int size = t.dtype().byteSize();
    if (last >= Integer.MAX_VALUE - 8L) {
      throw new IllegalArgumentException(
          "array: the view " + t.shape() + " spans " + (last + 1) + " elements; take slices");
    }
    // an array of the element type keeps the segment aligned for it
    MemorySegment span =
        size == Float.BYTES
            ? MemorySegment.ofArray(new float[(int) (last + 1)])
            : MemorySegment.ofArray(new double[(int) (last + 1)]);
    storage.read(t.offset() * size, span);
    return span;
  }

  private interface ElementSink {
    void accept(long position, int index);
  }

  private static void gather(Tensor t, ElementSink sink) {
    int rank = t.shape().rank();
    long[] dims = t.shape().dims();
    long[] strides = t.strides();
    long[] index = new long[rank];
    int count = (int) t.elements();
    long at = 0;
    for (int i = 0; i < count; i++) {
      sink.accept(at, i);
      for (int k = rank - 1; k >= 0; k--) {
        at += strides[k];
        if (++index[k] < dims[k]) {
          break;
        }
        at -= strides[k] * dims[k];
        index[k] = 0;
      }
    }
  }
}
