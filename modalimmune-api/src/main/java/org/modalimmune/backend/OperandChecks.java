package org.modalimmune.backend;

import java.util.List;
import org.modalimmune.tensor.Allocator;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** What {@link Ops} asks of operands before anything is written; messages name the operation. */
final class OperandChecks {
  private final Allocator allocator;

  OperandChecks(Allocator allocator) {
    this.allocator = allocator;
  }

  /** The shapes of a matrix product. */
  void matmul(Tensor a, Tensor b) {
    alike("matmul", a, b);
    if (a.shape().rank() < 2 || b.shape().rank() < 2) {
      throw new IllegalArgumentException(
          "matmul: needs rank 2 or more: "
              + a.shape()
              + " x "
              + b.shape()
              + "; reshape a vector to one row or column");
    }
    long k = a.shape().dim(-1);
    if (k != b.shape().dim(-2)) {
      throw new IllegalArgumentException(
          "matmul: inner sizes differ: "
              + a.shape()
              + " x "
              + b.shape()
              + "; transpose one operand?");
    }
  }

  /** The shapes of a linear map, and of a sum that it is added to. */
  void linear(Object op, Tensor x, Tensor w, Tensor bias) {
    alike(op, x, w, bias);
    if (x.shape().rank() != 2
        || w.shape().rank() != 2
        || x.shape().dim(1) != w.shape().dim(0)
        || !fits(bias.shape(), x.shape().dim(0), w.shape().dim(1))) {
      throw new IllegalArgumentException(
          op
              + ": needs x [B, k], w [k, n], and a bias [n] or [B, n], got "
              + x.shape()
              + ", "
              + w.shape()
              + ", "
              + bias.shape());
    }
  }

  private static boolean fits(Shape bias, long rows, long columns) {
    return bias.equals(Shape.of(columns)) || bias.equals(Shape.of(rows, columns));
  }

  /** The parts agree on all axes but one; returns their total size on that one. */
  long concat(int axis, List<Tensor> parts) {
    Tensor first = parts.getFirst();
    alike("concat", parts.toArray(Tensor[]::new));
    int joined = first.shape().axis(axis);
    long total = 0;
    for (Tensor p : parts) {
      if (p.shape().rank() != first.shape().rank()
          || !p.shape().with(joined, 0).equals(first.shape().with(joined, 0))) {
        throw new IllegalArgumentException(
            "concat: shapes must agree but on axis "
                + joined
                + ": "
                + first.shape()
                + " and "
                + p.shape());
      }
      total += p.shape().dim(joined);
    }
    return total;
  }

  /** The operand is open and lives on this device. */
  void own(Object op, Tensor t) {
    t.storage();
    if (!t.scope().isOn(allocator)) {
      throw new IllegalArgumentException(
          op
              + ": operand "
              + t
              + " lives on another device than "
              + allocator.deviceName()
              + "; copy its values over");
    }
  }

  /** All operands are open, live on this device and have one element type. */
  void alike(Object op, Tensor... operands) {
    for (Tensor t : operands) {
      own(op, t);
      if (t.dtype() != operands[0].dtype()) {
        throw new IllegalArgumentException(
            op
                + ": element types differ: "
                + operands[0].dtype()
                + operands[0].shape()
                + " and "
                + t.dtype()
                + t.shape()
                + "; cast one of them");
      }
    }
  }

  /** There is a last axis, and it is not empty. */
  void row(Object op, Tensor x) {
    rank(op, x);
    if (x.shape().dim(-1) == 0) {
      throw new IllegalArgumentException(op + ": the last axis is empty: " + x.shape());
    }
  }

  /** Rows that an operation wrote, and their cotangent. */
  void pullback(Object op, Tensor result, Tensor cotangent) {
    row(op, result);
    alike(op, result, cotangent);
    if (!cotangent.shape().equals(result.shape())) {
      throw new IllegalArgumentException(
          op
              + ": the cotangent must have the result's shape: "
              + result.shape()
              + ", got "
              + cotangent.shape()
              + "; expand it?");
    }
  }

  /** The operand has rows, and their variance a positive epsilon added to it. */
  void layerNorm(Object op, Tensor x, double epsilon) {
    row(op, x);
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException(op + ": epsilon must be positive, got " + epsilon);
    }
  }

  /** Normalised rows, one number for each of them, and their cotangent. */
  void layerNormPullback(Object op, Tensor normalized, Tensor reciprocalStd, Tensor cotangent) {
    row(op, normalized);
    alike(op, normalized, reciprocalStd, cotangent);
    if (!cotangent.shape().equals(normalized.shape())
        || !reciprocalStd.shape().equals(normalized.shape().with(-1, 1))) {
      throw new IllegalArgumentException(
          op
              + ": needs rows, their reciprocal deviations with last axis 1, and a cotangent of the"
              + " rows' shape, got "
              + normalized.shape()
              + ", "
              + reciprocalStd.shape()
              + ", "
              + cotangent.shape());
    }
  }

  /** The second operand has one element for each column of the first. */
  void columns(Object op, Tensor x, Tensor row) {
    if (!row.shape().equals(Shape.of(x.shape().dim(-1)))) {
      throw new IllegalArgumentException(
          op
              + ": needs one element for each column of "
              + x.shape()
              + ": ["
              + x.shape().dim(-1)
              + "], got "
              + row.shape());
    }
  }

  /** The operand is no scalar. */
  void rank(Object op, Tensor x) {
    own(op, x);
    if (x.shape().rank() == 0) {
      throw new IllegalArgumentException(op + ": needs rank 1 or more, got a scalar");
    }
  }

  /** The operand is a square matrix; returns its size. */
  long square(Object op, Tensor a) {
    own(op, a);
    if (a.shape().rank() != 2 || a.shape().dim(0) != a.shape().dim(1)) {
      throw new IllegalArgumentException(op + ": needs a square matrix, got " + a.shape());
    }
    return a.shape().dim(0);
  }

  /** All indices lie in 0 .. count - 1. */
  static void indices(Object op, int[] rows, long count) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] < 0 || rows[i] >= count) {
        throw new IndexOutOfBoundsException(
            op + ": index " + rows[i] + " at position " + i + " outside 0 .. " + (count - 1));
      }
    }
  }

  /** The tensor can be written to. */
  static void target(Object op, Tensor out) {
    for (int i = 0; i < out.shape().rank(); i++) {
      if (out.stride(i) == 0 && out.shape().dim(i) > 1) {
        throw new IllegalArgumentException(
            op + ": cannot write to an expanded view " + out.shape() + "; copy it first");
      }
    }
  }

  /** The tensors can be updated in place together; the first of the others is only read. */
  void update(Object op, Tensor parameter, Tensor... others) {
    own(op, parameter);
    contiguous(op, parameter);
    for (int i = 0; i < others.length; i++) {
      alike(op, parameter, others[i]);
      if (!others[i].shape().equals(parameter.shape())) {
        throw new IllegalArgumentException(
            op + ": shapes must be equal: " + parameter.shape() + " and " + others[i].shape());
      }
      if (i > 0) {
        contiguous(op, others[i]);
      }
      for (int j = 0; j < i; j++) {
        disjoint(op, others[i], others[j]);
      }
      disjoint(op, parameter, others[i]);
    }
  }

  private static void contiguous(Object op, Tensor t) {
    if (!t.isContiguous()) {
      throw new IllegalArgumentException(
          op + ": in-place updates need contiguous tensors, got a view " + t.shape());
    }
  }

  /** The output is the very operand, or shares no memory with it. */
  static void disjointOrSame(Object op, Tensor out, Tensor in) {
    if (Overlap.sameView(out, in)) {
      return;
    }
    disjoint(op, out, in);
  }

  /** The output shares no memory with the operand. */
  static void disjoint(Object op, Tensor out, Tensor in) {
    if (Overlap.possible(out, in)) {
      throw new IllegalArgumentException(
          op
              + ": the output "
              + out.shape()
              + " shares memory with the operand "
              + in.shape()
              + "; copy the operand first");
    }
  }
}
