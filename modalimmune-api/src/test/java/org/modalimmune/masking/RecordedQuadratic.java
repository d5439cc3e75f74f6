package org.modalimmune.masking;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/**
 * Losses with given derivatives at parameters 0: clean g'x + x'Hx/2, destructive d'x, and one loss
 * per row r_i'x. Each block is a leaf [n, 1].
 */
final class RecordedQuadratic {
  final List<ParameterBlock> blocks = new ArrayList<>();
  final Variable clean;
  final Variable destructive;
  final Variable rows;

  private final Tape tape;
  private final DType dtype;
  private final int[] offsets;

  RecordedQuadratic(
      Tape tape, DType dtype, int[] sizes, double[] g, double[] h, double[] d, double[] r) {
    this.tape = tape;
    this.dtype = dtype;
    this.offsets = new int[sizes.length + 1];
    for (int b = 0; b < sizes.length; b++) {
      offsets[b + 1] = offsets[b] + sizes[b];
      Variable x = tape.leaf(tape.scope().zeros(dtype, Shape.of(sizes[b], 1)));
      blocks.add(ParameterBlock.of("block " + b, x));
    }
    int n = offsets[sizes.length];
    Variable loss = tape.constant(0, dtype);
    Variable other = tape.constant(0, dtype);
    Variable losses = tape.constant(tape.scope().zeros(dtype, Shape.of(r.length / n)));
    for (int b = 0; b < sizes.length; b++) {
      Variable x = leaf(b);
      Variable product = tape.constant(tape.scope().zeros(dtype, x.shape()));
      for (int c = 0; c < sizes.length; c++) {
        product = Elementwise.add(product, Matrix.matmul(part(h, n, b, c), leaf(c)));
      }
      loss = Elementwise.add(loss, Reduction.dot(column(g, b), x));
      loss = Elementwise.add(loss, Elementwise.scale(Reduction.dot(product, x), 0.5));
      other = Elementwise.add(other, Reduction.dot(column(d, b), x));
      losses = Elementwise.add(losses, Reduction.sum(Matrix.matmul(part(r, n, -1, b), x), 1));
    }
    this.clean = loss;
    this.destructive = other;
    this.rows = losses;
  }

  private Variable leaf(int block) {
    return blocks.get(block).parameters().getFirst();
  }

  private Variable column(double[] values, int block) {
    return part(values, 1, block, -1);
  }

  /** Rows and columns of two blocks out of a matrix of {@code width} columns; -1 stands for all. */
  private Variable part(double[] matrix, int width, int rowBlock, int columnBlock) {
    int top = rowBlock < 0 ? 0 : offsets[rowBlock];
    int bottom = rowBlock < 0 ? matrix.length / width : offsets[rowBlock + 1];
    int left = columnBlock < 0 ? 0 : offsets[columnBlock];
    int right = columnBlock < 0 ? width : offsets[columnBlock + 1];
    double[] values = new double[(bottom - top) * (right - left)];
    for (int i = top; i < bottom; i++) {
      System.arraycopy(matrix, i * width + left, values, (i - top) * (right - left), right - left);
    }
    return tape.constant(tape.scope().of(dtype, Shape.of(bottom - top, right - left), values));
  }
}
