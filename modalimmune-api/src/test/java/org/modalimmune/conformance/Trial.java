package org.modalimmune.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.Kernels;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** One kernel call under test: operands and results of one type, drawn from one seed. */
public final class Trial implements AutoCloseable {
  private final Backend backend;
  private final Scope scope;
  private final DType dtype;
  private final SplittableRandom random;
  private final List<Placement> operands = new ArrayList<>();
  private final List<Placement> results = new ArrayList<>();

  /** A trial on a backend; equal seeds draw equal operands. */
  public Trial(Backend backend, DType dtype, long seed) {
    this.backend = backend;
    this.scope = backend.newScope();
    this.dtype = dtype;
    this.random = new SplittableRandom(seed);
  }

  /** The backend's kernels, without the checks of {@link Ops}. */
  public Kernels kernels() {
    return backend.kernels();
  }

  /** Checked operations with results in this trial's scope. */
  public Ops ops() {
    return backend.ops(scope);
  }

  /** The scope of all tensors of this trial. */
  public Scope scope() {
    return scope;
  }

  /** The trial's source of choices. */
  public SplittableRandom random() {
    return random;
  }

  /** An operand with drawn elements, which must not change. */
  public Placement operand(Shape shape, Layout layout, Sampler sampler) {
    Placement p = Placement.operand(scope, dtype, shape, layout, () -> sampler.next(random));
    operands.add(p);
    return p;
  }

  /** An operand of another type with drawn elements, which must not change. */
  public Placement operand(DType type, Shape shape, Layout layout, Sampler sampler) {
    Placement p = Placement.operand(scope, type, shape, layout, () -> sampler.next(random));
    operands.add(p);
    return p;
  }

  /** An operand with given elements in row-major order, which must not change; not expanded. */
  public Placement operand(Shape shape, Layout layout, double... elements) {
    int[] next = new int[1];
    Placement p = Placement.operand(scope, dtype, shape, layout, () -> elements[next[0]++]);
    operands.add(p);
    return p;
  }

  /** An operand with drawn elements that the kernel may overwrite. */
  public Placement inPlace(Shape shape, Layout layout, Sampler sampler) {
    Placement p = Placement.operand(scope, dtype, shape, layout, () -> sampler.next(random));
    results.add(p);
    return p;
  }

  /** A place for a result, filled with a number that no result has. */
  public Placement result(Shape shape, Layout layout) {
    return result(dtype, shape, layout);
  }

  /** A place for a result of another type. */
  public Placement result(DType type, Shape shape, Layout layout) {
    Placement p = Placement.result(scope, type, shape, layout);
    results.add(p);
    return p;
  }

  /** Fails at the first element of {@code result} that is out of bounds, or if memory was hurt. */
  public void expect(String what, Placement result, IntFunction<Bounded> expected) {
    String name = what + " of " + operands + " to " + result;
    expect(name, result.view(), expected);
    operands.forEach(p -> p.requireUnchanged(name));
    results.forEach(p -> p.requireSurroundingsUnchanged(name));
  }

  /** Fails at the first element of {@code actual} that is out of bounds. */
  public static void expect(String what, Tensor actual, IntFunction<Bounded> expected) {
    double[] values = actual.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      Bounded b = expected.apply(i);
      if (!b.accepts(values[i], actual.dtype())) {
        throw new AssertionError(
            what
                + "\n  result "
                + Placement.describe(actual)
                + ", element "
                + Arrays.toString(index(actual.shape(), i))
                + ":\n  expected "
                + b.value().hi()
                + "\n  actual   "
                + values[i]
                + "\n  error    "
                + b.error(values[i])
                + "\n  bound    "
                + b.bound());
      }
    }
  }

  private static long[] index(Shape shape, long position) {
    long[] index = new long[shape.rank()];
    long rest = position;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return index;
  }

  @Override
  public void close() {
    scope.close();
  }
}
