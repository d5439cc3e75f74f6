package org.modalimmune.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** The table of gradient checks: every differentiable operation, every enum constant. */
final class GradientCases {
  private static final Shape VECTOR = Shape.of(5);
  private static final Shape MATRIX = Shape.of(3, 4);
  private static final Shape CUBE = Shape.of(2, 3, 4);

  private final List<GradientCase> cases = new ArrayList<>();

  private GradientCases() {}

  static List<GradientCase> all() {
    GradientCases table = new GradientCases();
    table.enums();
    table.elementwise();
    table.products();
    table.rows();
    table.reductions();
    table.shapes();
    table.rearrangements();
    return List.copyOf(table.cases);
  }

  private void add(
      String operation, String variant, Function<List<Variable>, Variable> f, Shape... shapes) {
    cases.add(new GradientCase(operation, variant, f, false, List.of(shapes)));
  }

  private void positive(
      String operation, String variant, Function<List<Variable>, Variable> f, Shape... shapes) {
    cases.add(new GradientCase(operation, variant, f, true, List.of(shapes)));
  }

  private void unary(String operation, Function<Variable, Variable> f) {
    add(operation, "", in -> f.apply(in.getFirst()), MATRIX);
  }

  private void enums() {
    for (UnaryOp op : UnaryOp.values()) {
      Function<List<Variable>, Variable> f = in -> Elementwise.unary(op, in.getFirst());
      switch (op) {
        case LOG, LOG1P, SQRT, RECIPROCAL -> positive("Elementwise.unary/2", op.name(), f, VECTOR);
        default -> add("Elementwise.unary/2", op.name(), f, MATRIX);
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      Function<List<Variable>, Variable> f =
          in -> Elementwise.binary(op, in.getFirst(), in.getLast());
      Shape[][] pairs = {
        {MATRIX, MATRIX},
        {MATRIX, Shape.of(4)},
        {Shape.of(3, 1), Shape.of(1, 4)},
        {Shape.of(), Shape.of(2, 1, 3)}
      };
      for (Shape[] pair : pairs) {
        if (op == BinaryOp.DIVIDE) {
          positive("Elementwise.binary/3", op.name(), f, pair);
        } else {
          add("Elementwise.binary/3", op.name(), f, pair);
        }
      }
    }
  }

  private void elementwise() {
    add("Elementwise.add/2", "", in -> Elementwise.add(in.get(0), in.get(1)), MATRIX, MATRIX);
    add("Elementwise.subtract/2", "", in -> Elementwise.subtract(in.get(0), in.get(1)), CUBE, CUBE);
    add("Elementwise.multiply/2", "", in -> Elementwise.multiply(in.get(0), in.get(1)), CUBE, CUBE);
    add(
        "Elementwise.multiply/2",
        "by itself",
        in -> Elementwise.multiply(in.get(0), in.get(0)),
        MATRIX);
    positive(
        "Elementwise.divide/2", "", in -> Elementwise.divide(in.get(0), in.get(1)), VECTOR, VECTOR);
    add("Elementwise.maximum/2", "", in -> Elementwise.maximum(in.get(0), in.get(1)), CUBE, CUBE);
    add("Elementwise.minimum/2", "", in -> Elementwise.minimum(in.get(0), in.get(1)), CUBE, CUBE);
    unary("Elementwise.affine/3", x -> Elementwise.affine(Elementwise.square(x), -0.7, 0.3));
    unary("Elementwise.scale/2", x -> Elementwise.scale(x, 1.7));
    unary("Elementwise.negate/1", Elementwise::negate);
    unary("Elementwise.square/1", Elementwise::square);
    unary("Elementwise.relu/1", Elementwise::relu);
    unary("Elementwise.exp/1", Elementwise::exp);
    positive("Elementwise.log/1", "", in -> Elementwise.log(in.getFirst()), VECTOR);
    unary("Elementwise.tanh/1", Elementwise::tanh);
    unary("Elementwise.sigmoid/1", Elementwise::sigmoid);
    unary("Elementwise.clamp/3", x -> Elementwise.clamp(Elementwise.exp(x), 0.5, 2));
    unary("Elementwise.cast/2", x -> Elementwise.cast(Elementwise.square(x), DType.FLOAT32));
    add(
        "Elementwise.select/3",
        "",
        in ->
            Elementwise.select(
                Elementwise.unary(UnaryOp.STEP, in.get(0)),
                Elementwise.square(in.get(1)),
                Elementwise.exp(in.get(2))),
        MATRIX,
        MATRIX,
        MATRIX);
    add(
        "Elementwise.select/3",
        "broadcast",
        in -> Elementwise.select(Elementwise.unary(UnaryOp.STEP, in.get(0)), in.get(1), in.get(2)),
        MATRIX,
        Shape.of(4),
        Shape.of(3, 1));
  }

  private void products() {
    Shape[][] pairs = {
      {MATRIX, Shape.of(4, 2)},
      {CUBE, Shape.of(2, 4, 3)},
      {CUBE, Shape.of(4, 2)},
      {MATRIX, Shape.of(2, 4, 3)},
      {Shape.of(2, 1, 2, 3), Shape.of(3, 3, 2)}
    };
    for (Shape[] pair : pairs) {
      add("Matrix.matmul/2", "", in -> Matrix.matmul(in.get(0), in.get(1)), pair);
    }
    add(
        "Matrix.matmul/2",
        "by its own transpose",
        in -> Matrix.matmul(in.get(0), Matrix.transpose(in.get(0))),
        MATRIX);
    add(
        "Matrix.linear/3",
        "",
        in -> Matrix.linear(in.get(0), in.get(1), in.get(2)),
        MATRIX,
        Shape.of(4, 2),
        Shape.of(2));
    add(
        "Matrix.linear/3",
        "rank 3",
        in -> Matrix.linear(in.get(0), in.get(1), in.get(2)),
        CUBE,
        Shape.of(4, 2),
        Shape.of(2));
    add(
        "Matrix.transpose/1",
        "",
        in -> Matrix.matmul(in.get(0), Matrix.transpose(in.get(1))),
        MATRIX,
        Shape.of(2, 4));
  }

  private void rows() {
    for (Shape s : List.of(MATRIX, CUBE, VECTOR, Shape.of(2, 1))) {
      add("Normalization.softmax/1", "", in -> Normalization.softmax(in.getFirst()), s);
      add("Normalization.logSoftmax/1", "", in -> Normalization.logSoftmax(in.getFirst()), s);
    }
    for (Shape s : List.of(MATRIX, CUBE, VECTOR)) {
      add("Normalization.layerNorm/2", "", in -> Normalization.layerNorm(in.getFirst(), 0.1), s);
      add(
          "Normalization.layerNorm/4",
          "",
          in -> Normalization.layerNorm(in.get(0), in.get(1), in.get(2), 0.1),
          s,
          Shape.of(s.dim(-1)),
          Shape.of(s.dim(-1)));
    }
  }

  private void reductions() {
    for (Shape target :
        List.of(Shape.of(), Shape.of(4), Shape.of(3, 1), Shape.of(2, 1, 1), Shape.of(1, 3, 4))) {
      unaryOnCube("Reduction.sumTo/2", "to " + target, x -> Reduction.sumTo(x, target));
      unaryOnCube("Reduction.meanTo/2", "to " + target, x -> Reduction.meanTo(x, target));
    }
    unaryOnCube("Reduction.sum/1", "", Reduction::sum);
    unaryOnCube("Reduction.mean/1", "", Reduction::mean);
    for (int axis = -1; axis < 2; axis++) {
      int a = axis;
      unaryOnCube("Reduction.sum/2", "axis " + a, x -> Reduction.sum(x, a));
      unaryOnCube("Reduction.mean/2", "axis " + a, x -> Reduction.mean(x, a));
      add("Reduction.max/2", "axis " + a, in -> Reduction.max(in.getFirst(), a), CUBE);
      add("Reduction.min/2", "axis " + a, in -> Reduction.min(in.getFirst(), a), CUBE);
    }
    add("Reduction.sumOfSquares/1", "", in -> Reduction.sumOfSquares(in.get(0)), CUBE);
    add("Reduction.dot/2", "", in -> Reduction.dot(in.get(0), in.get(1)), MATRIX, MATRIX);
    add("Reduction.dot/2", "with itself", in -> Reduction.dot(in.get(0), in.get(0)), CUBE);
  }

  /** Squared first, so that the second order is not zero. */
  private void unaryOnCube(String operation, String variant, Function<Variable, Variable> f) {
    add(operation, variant, in -> f.apply(Elementwise.square(in.getFirst())), CUBE);
  }

  private void shapes() {
    unaryOnCube("Shaping.reshape/2", "", x -> Shaping.reshape(x, Shape.of(4, 6)));
    unaryOnCube(
        "Shaping.reshape/2",
        "of a view",
        x -> Shaping.reshape(Shaping.transpose(x, 0, 2), Shape.of(4, 6)));
    unaryOnCube("Shaping.transpose/3", "", x -> Shaping.transpose(x, 0, 2));
    unaryOnCube("Shaping.expand/2", "new axis", x -> Shaping.expand(x, Shape.of(2, 2, 3, 4)));
    add(
        "Shaping.expand/2",
        "stretched",
        in -> Shaping.expand(Elementwise.exp(in.getFirst()), Shape.of(2, 3, 4)),
        Shape.of(3, 1));
    unaryOnCube("Shaping.slice/4", "", x -> Shaping.slice(x, 1, 1, 3));
    unaryOnCube("Shaping.slice/4", "empty", x -> Shaping.slice(x, 1, 1, 1));
    unaryOnCube("Shaping.select/3", "", x -> Shaping.select(x, -1, 2));
    unaryOnCube("Shaping.embed/4", "", x -> Shaping.embed(x, 1, 2, 7));
  }

  private void rearrangements() {
    add(
        "Shaping.concat/2",
        "",
        in -> Shaping.concat(1, List.of(Elementwise.square(in.get(0)), in.get(1), in.get(0))),
        MATRIX,
        Shape.of(3, 2));
    add(
        "Shaping.stack/2",
        "",
        in -> Shaping.stack(1, List.of(Elementwise.square(in.get(0)), in.get(1))),
        MATRIX,
        MATRIX);
    unaryOnCube("Shaping.gatherRows/2", "repeated", x -> Shaping.gatherRows(x, 1, 0, 1, 1));
    add(
        "Shaping.scatterAddRows/3",
        "repeated",
        in -> Shaping.scatterAddRows(Elementwise.square(in.getFirst()), new int[] {3, 0, 3}, 5),
        MATRIX);
  }
}
