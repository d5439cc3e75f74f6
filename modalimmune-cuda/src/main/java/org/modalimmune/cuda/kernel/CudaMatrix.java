package org.modalimmune.cuda.kernel;

import java.util.Arrays;
import java.util.Optional;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.MatrixKernels;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.library.BlasLibrary;
import org.modalimmune.cuda.library.MatrixOperand;
import org.modalimmune.cuda.memory.DeviceAllocator;
import org.modalimmune.cuda.memory.DeviceStorage;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Matrix products by cuBLAS. It works on columns, so that for row-major tensors {@code out' = b'
 * a'} is asked for; transposed and sliced views are passed as they are by leading dimensions, other
 * views are copied first.
 */
public final class CudaMatrix implements MatrixKernels {
  private final Stream stream;
  private final DeviceAllocator allocator;
  private final ElementwiseKernels elementwise;
  private final BlasLibrary blas;

  /**
   * @param launcher gives the stream
   * @param allocator the stream's memory
   * @param elementwise copies and fills
   * @param blas cuBLAS on the same stream
   */
  public CudaMatrix(
      Launcher launcher,
      DeviceAllocator allocator,
      ElementwiseKernels elementwise,
      BlasLibrary blas) {
    this.stream = launcher.stream();
    this.allocator = allocator;
    this.elementwise = elementwise;
    this.blas = blas;
  }

  @Override
  public void matmul(Tensor a, Tensor b, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    if (a.shape().dim(-1) == 0) {
      elementwise.fill(0, out);
      return;
    }
    multiply(a, b, out, Optional.empty());
  }

  @Override
  public void linear(Tensor x, Tensor w, Tensor bias, Tensor out) {
    if (out.elements() == 0) {
      return;
    }
    if (x.shape().dim(1) == 0) {
      elementwise.copy(bias.expand(out.shape()), out);
    } else {
      multiply(x, w, out, Optional.of(bias.expand(out.shape())));
    }
  }

  private void multiply(Tensor a, Tensor b, Tensor out, Optional<Tensor> addend) {
    requireInt("m", out.shape().dim(-2));
    requireInt("n", out.shape().dim(-1));
    requireInt("k", a.shape().dim(-1));
    try (Scope scope = new Scope(allocator)) {
      Tensor left = dense(scope, a);
      Tensor right = dense(scope, b);
      boolean direct = MatrixLayout.of(out).isPresent();
      Tensor result = direct ? out : scope.allocate(out.dtype(), out.shape());
      if (addend.isPresent() && !isSame(addend.get(), result)) {
        elementwise.copy(addend.get(), result);
      }
      multiplyDense(left, right, result, addend.isPresent());
      if (!direct) {
        elementwise.copy(result, out);
      }
    }
  }

  private static boolean isSame(Tensor a, Tensor b) {
    return DeviceStorage.addressOf(a) == DeviceStorage.addressOf(b)
        && Arrays.equals(a.strides(), b.strides());
  }

  /** The tensor itself if cuBLAS can read it, else a copy, with no element twice. */
  private Tensor dense(Scope scope, Tensor t) {
    if (MatrixLayout.of(t).isPresent()) {
      return t;
    }
    Tensor once = t;
    for (int i = 0; i < t.shape().rank(); i++) {
      if (t.stride(i) == 0 && t.shape().dim(i) > 1) {
        once = once.slice(i, 0, 1);
      }
    }
    Tensor copy = scope.allocate(t.dtype(), once.shape());
    elementwise.copy(once, copy);
    Tensor whole = copy.expand(t.shape());
    if (MatrixLayout.of(whole).isPresent()) {
      return whole;
    }
    // An axis of the matrix itself was stretched.
    Shape matrix = once.shape().with(-2, t.shape().dim(-2)).with(-1, t.shape().dim(-1));
    Tensor stretched = scope.allocate(t.dtype(), matrix);
    elementwise.copy(copy.expand(matrix), stretched);
    return stretched.expand(t.shape());
  }

  private void multiplyDense(Tensor a, Tensor b, Tensor out, boolean accumulate) {
    Product product =
        new Product(
            out.dtype(),
            MatrixLayout.of(a).orElseThrow(),
            MatrixLayout.of(b).orElseThrow(),
            MatrixLayout.of(out).orElseThrow(),
            Math.toIntExact(out.shape().dim(-2)),
            Math.toIntExact(out.shape().dim(-1)),
            Math.toIntExact(a.shape().dim(-1)),
            accumulate);
    BatchAxes axes = new BatchAxes(a, b, out);
    synchronized (stream) {
      stream.settle();
      run(product, axes, 0, 0, 0, 0);
    }
  }

  /** Walks the axes but the last, which cuBLAS does itself. */
  private void run(Product p, BatchAxes axes, int axis, long inA, long inB, long inOut) {
    if (axis < axes.count() - 1) {
      for (long i = 0; i < axes.size(axis); i++) {
        run(
            p,
            axes,
            axis + 1,
            inA + i * axes.stride(0, axis),
            inB + i * axes.stride(1, axis),
            inOut + i * axes.stride(2, axis));
      }
      return;
    }
    long count = axes.size(axis);
    long strideA = axes.stride(0, axis);
    long strideB = axes.stride(1, axis);
    long strideOut = axes.stride(2, axis);
    if (count > 1 && p.isOneTallProduct(count, strideA, strideB, strideOut)) {
      p.tall((int) count).call(blas, new Batch(inA, 0, inB, 0, inOut, 0, 1));
      return;
    }
    if (count > Integer.MAX_VALUE) {
      throw tooLarge("batch", count);
    }
    p.call(blas, new Batch(inA, strideA, inB, strideB, inOut, strideOut, (int) count));
  }

  private static void requireInt(String name, long size) {
    if (size > Integer.MAX_VALUE) {
      throw tooLarge(name, size);
    }
  }

  private static IllegalArgumentException tooLarge(String name, long size) {
    return new IllegalArgumentException(
        "matmul: "
            + name
            + " is "
            + size
            + "; cuBLAS takes at most 2^31 - 1, multiply slices instead");
  }

  /** Where the matrices of a batch begin and how far apart they are, in elements. */
  private record Batch(
      long inA, long strideA, long inB, long strideB, long inOut, long strideOut, int count) {}

  /** One product {@code out [m, n] = a [m, k] b [k, n]}, or that many of a batch. */
  private record Product(
      DType type,
      MatrixLayout a,
      MatrixLayout b,
      MatrixLayout out,
      int m,
      int n,
      int k,
      boolean accumulate) {
    void call(BlasLibrary blas, Batch at) {
      boolean transpose = !out.columnsFirst();
      MatrixOperand left = a.operand(at.inA, at.strideA, transpose);
      MatrixOperand right = b.operand(at.inB, at.strideB, transpose);
      MatrixOperand result = out.operand(at.inOut, at.strideOut, transpose);
      if (transpose) {
        blas.multiply(type, n, m, k, right, left, accumulate, result, at.count);
      } else {
        blas.multiply(type, m, n, k, left, right, accumulate, result, at.count);
      }
    }

    /** Whether a batch is one product of all rows with the one b. */
    boolean isOneTallProduct(long count, long strideA, long strideB, long strideOut) {
      return strideB == 0
          && !a.columnsFirst()
          && !out.columnsFirst()
          && strideA == (long) m * a.leading()
          && strideOut == (long) m * out.leading()
          && count <= Integer.MAX_VALUE / m;
    }

    Product tall(int times) {
      return new Product(type, a, b, out, m * times, n, k, accumulate);
    }
  }
}
