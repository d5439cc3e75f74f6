package org.modalimmune.conformance;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * A tensor laid out in a chosen way inside a larger one, which is watched: whatever lies outside
 * the view must not change, and must not be read (it is NaN around operands).
 */
public final class Placement {
  /** Fills results before a kernel runs: no kernel of a trial gives it by chance. */
  private static final double UNWRITTEN = -0x1.5a5a5ap100;

  private final Layout layout;
  private final Tensor base;
  private final Tensor view;
  private final double[] before;

  private Placement(Layout layout, Tensor base, Tensor view) {
    this.layout = layout;
    this.base = base;
    this.view = view;
    this.before = new double[Math.toIntExact(base.elements())];
  }

  /** An operand with the given elements; where an axis is expanded they repeat. */
  public static Placement operand(
      Scope scope, DType dtype, Shape shape, Layout layout, DoubleSupplier elements) {
    Placement p = lay(scope, dtype, shape, layout);
    boolean[] inside = new boolean[p.before.length];
    Arrays.fill(p.before, Double.NaN);
    for (int i = 0; i < p.elements(); i++) {
      int at = p.position(i);
      if (!inside[at]) {
        inside[at] = true;
        p.before[at] = round(dtype, elements.getAsDouble());
      }
    }
    p.base.set(p.before);
    return p;
  }

  /** A place for a result. */
  public static Placement result(Scope scope, DType dtype, Shape shape, Layout layout) {
    Placement p = lay(scope, dtype, shape, layout);
    Arrays.fill(p.before, UNWRITTEN);
    p.base.set(p.before);
    return p;
  }

  private static Placement lay(Scope scope, DType dtype, Shape shape, Layout layout) {
    int rank = shape.rank();
    Layout kind = rank == 0 && layout == Layout.SLICED ? Layout.OFFSET : layout;
    return switch (kind) {
      case DENSE -> whole(scope.allocate(dtype, shape), layout);
      case OFFSET -> {
        long n = shape.elements();
        Tensor base = scope.allocate(dtype, Shape.of(n + 8));
        yield new Placement(layout, base, base.slice(0, 3, 3 + n).reshape(shape));
      }
      case TRANSPOSED -> {
        if (rank < 2) {
          yield lay(scope, dtype, shape, Layout.STRIDED);
        }
        long[] d = shape.dims();
        long t = d[rank - 1];
        d[rank - 1] = d[rank - 2];
        d[rank - 2] = t;
        Tensor base = scope.allocate(dtype, Shape.of(d));
        yield new Placement(layout, base, base.transpose(-1, -2));
      }
      case REVERSED -> {
        long[] d = new long[rank];
        for (int i = 0; i < rank; i++) {
          d[i] = shape.dim(rank - 1 - i);
        }
        Tensor base = scope.allocate(dtype, Shape.of(d));
        Tensor view = base;
        for (int i = 0; i < rank / 2; i++) {
          view = view.transpose(i, rank - 1 - i);
        }
        yield new Placement(layout, base, view);
      }
      case SLICED -> {
        long[] d = shape.dims();
        for (int i = 0; i < rank; i++) {
          d[i] += 3;
        }
        Tensor base = scope.allocate(dtype, Shape.of(d));
        Tensor view = base;
        for (int i = 0; i < rank; i++) {
          view = view.slice(i, 1, 1 + shape.dim(i));
        }
        yield new Placement(layout, base, view);
      }
      case STRIDED -> {
        Tensor base = scope.allocate(dtype, shape.inserted(rank, 3));
        yield new Placement(layout, base, base.select(-1, 1));
      }
      case EXPANDED -> {
        long[] d = shape.dims();
        for (int i = rank - 1; i >= 0; i -= 2) {
          d[i] = 1;
        }
        Tensor base = scope.allocate(dtype, Shape.of(d));
        yield new Placement(layout, base, base.expand(shape));
      }
    };
  }

  private static Placement whole(Tensor base, Layout layout) {
    return new Placement(layout, base, base);
  }

  /** Nearest number of the type. */
  public static double round(DType dtype, double x) {
    return dtype == DType.FLOAT32 ? (float) x : x;
  }

  /** The tensor to hand to a kernel. */
  public Tensor view() {
    return view;
  }

  /** Number of elements of the view. */
  public int elements() {
    return Math.toIntExact(view.elements());
  }

  /** Element {@code i} of the view, in row-major order, as it was laid. */
  public double value(int i) {
    return before[position(i)];
  }

  /** All elements of the view, in row-major order, as they were laid. */
  public double[] values() {
    double[] out = new double[elements()];
    for (int i = 0; i < out.length; i++) {
      out[i] = before[position(i)];
    }
    return out;
  }

  /** Position in the base tensor of the view's row-major element {@code i}. */
  private int position(int i) {
    long rest = i;
    long at = view.offset();
    for (int axis = view.shape().rank() - 1; axis >= 0; axis--) {
      long d = view.shape().dim(axis);
      at += rest % d * view.stride(axis);
      rest /= d;
    }
    return Math.toIntExact(at);
  }

  /** Fails if any element, inside or outside the view, has changed. */
  public void requireUnchanged(String what) {
    requireKept(what + ": wrote to its operand", new boolean[before.length]);
  }

  /** Fails if an element outside the view has changed. */
  public void requireSurroundingsUnchanged(String what) {
    boolean[] inside = new boolean[before.length];
    for (int i = 0; i < elements(); i++) {
      inside[position(i)] = true;
    }
    requireKept(what + ": wrote outside its output", inside);
  }

  private void requireKept(String what, boolean[] excepted) {
    double[] after = base.toDoubleArray();
    for (int at = 0; at < after.length; at++) {
      if (!excepted[at] && Double.compare(after[at], before[at]) != 0) {
        throw new AssertionError(
            what
                + " "
                + this
                + ", storage element "
                + at
                + ": was "
                + before[at]
                + ", is "
                + after[at]);
      }
    }
  }

  /** Type, shape, strides, offset and layout. */
  @Override
  public String toString() {
    return describe(view) + " " + layout;
  }

  /** Type, shape, strides and offset of a tensor. */
  public static String describe(Tensor t) {
    return t.dtype()
        + t.shape().toString()
        + " strides "
        + Arrays.toString(t.strides())
        + " offset "
        + t.offset();
  }
}
