package org.modalimmune.autodiff;

import java.util.List;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Differentiable rearrangements: no arithmetic but the sums of their adjoints. */
public final class Shaping {
  private Shaping() {}

  /** The same elements in row-major order with other sizes. */
  public static Variable reshape(Variable x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    Tape tape = x.tape();
    Shape from = x.shape();
    return tape.record(
        tape.ops().reshape(x.tensor(), shape),
        Rule.named("reshape", p -> p.add(0, reshape(p.cotangent(), from))),
        x);
  }

  /** View with two axes exchanged. */
  public static Variable transpose(Variable x, int first, int second) {
    return x.tape()
        .record(
            x.tensor().transpose(first, second),
            Rule.named("transpose", p -> p.add(0, transpose(p.cotangent(), first, second))),
            x);
  }

  /** View stretched to a larger shape; the adjoint is {@link Reduction#sumTo}. */
  public static Variable expand(Variable x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    Shape from = x.shape();
    return x.tape()
        .record(
            x.tensor().expand(shape),
            Rule.named("expand", p -> p.add(0, Reduction.sumTo(p.cotangent(), from))),
            x);
  }

  /** View of the range {@code [from, to)} of one axis; the adjoint is {@link #embed}. */
  public static Variable slice(Variable x, int axis, long from, long to) {
    long size = x.shape().dim(axis);
    return x.tape()
        .record(
            x.tensor().slice(axis, from, to),
            Rule.named("slice", p -> p.add(0, embed(p.cotangent(), axis, from, size))),
            x);
  }

  /** View of one position of an axis, the axis removed. */
  public static Variable select(Variable x, int axis, long index) {
    return reshape(slice(x, axis, index, index + 1), x.shape().without(axis));
  }

  /** Zeros of size {@code size} along one axis with x at position {@code from}. */
  public static Variable embed(Variable x, int axis, long from, long size) {
    Tape tape = x.tape();
    long to = from + x.shape().dim(axis);
    Tensor out = tape.ops().full(0, x.dtype(), x.shape().with(axis, size));
    tape.ops().copyTo(x.tensor(), out.slice(axis, from, to));
    return tape.record(
        out, Rule.named("embed", p -> p.add(0, slice(p.cotangent(), axis, from, to))), x);
  }

  /** Variables joined along an axis. */
  public static Variable concat(int axis, List<Variable> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("concat: needs at least one variable");
    }
    Tape tape = parts.getFirst().tape();
    return tape.record(
        tape.ops().concat(axis, parts.stream().map(Variable::tensor).toList()),
        Rule.named(
            "concat",
            p -> {
              long at = 0;
              for (int i = 0; i < p.inputCount(); i++) {
                long size = p.input(i).shape().dim(axis);
                if (p.wants(i)) {
                  p.add(i, slice(p.cotangent(), axis, at, at + size));
                }
                at += size;
              }
            }),
        parts.toArray(Variable[]::new));
  }

  /** Variables of one shape joined along a new axis at {@code position}. */
  public static Variable stack(int position, List<Variable> parts) {
    return concat(
        position, parts.stream().map(v -> reshape(v, v.shape().inserted(position, 1))).toList());
  }

  /** {@code out[i, ...] = x[rows[i], ...]}; the adjoint is {@link #scatterAddRows}. */
  public static Variable gatherRows(Variable x, int... rows) {
    Tape tape = x.tape();
    int[] copy = rows.clone();
    long count = x.shape().dim(0);
    return tape.record(
        tape.ops().gatherRows(x.tensor(), copy),
        Rule.named("gatherRows", p -> p.add(0, scatterAddRows(p.cotangent(), copy, count))),
        x);
  }

  /**
   * {@code out[r, ...] = sum of x[i, ...] over rows[i] = r}; the adjoint is {@link #gatherRows}.
   */
  public static Variable scatterAddRows(Variable x, int[] rows, long count) {
    Tape tape = x.tape();
    int[] copy = rows.clone();
    return tape.record(
        tape.ops().scatterAddRows(x.tensor(), copy, count),
        Rule.named("scatterAddRows", p -> p.add(0, gatherRows(p.cotangent(), copy))),
        x);
  }
}
