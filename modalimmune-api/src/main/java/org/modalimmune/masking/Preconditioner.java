package org.modalimmune.masking;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.modalimmune.hypergradient.LinearOperator;

/**
 * The geometry of an optimiser that divides a gradient by D before it steps, as Adam does with D =
 * sqrt(v) + epsilon. In the coordinates y = sqrt(D) theta that step is plain descent: gradients
 * become g / sqrt(D), the Fisher diagonal F / D and the Hessian H / (sqrt(D) sqrt(D)'), and the
 * second-order model of the step is that of the step that is taken. Signs of eigenvalues stay
 * (Sylvester's law of inertia).
 *
 * @param diagonals D of each block, [n] each, positive and finite; not copied
 */
public record Preconditioner(List<double[]> diagonals) {
  /** Checks the values. */
  public Preconditioner {
    diagonals = List.copyOf(diagonals);
    for (int b = 0; b < diagonals.size(); b++) {
      for (double d : diagonals.get(b)) {
        if (!(d > 0 && d < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "preconditioner: must be positive and finite, got " + d + " in block " + b);
        }
      }
    }
  }

  void requireFits(List<ParameterBlock> blocks) {
    if (diagonals.size() != blocks.size()) {
      throw new IllegalArgumentException(
          "preconditioner: needs one diagonal for each of "
              + blocks.size()
              + " blocks, got "
              + diagonals.size());
    }
    for (int b = 0; b < blocks.size(); b++) {
      if (diagonals.get(b).length != BlockArrays.size(blocks.get(b))) {
        throw new IllegalArgumentException(
            "preconditioner: block "
                + blocks.get(b).name()
                + " has "
                + BlockArrays.size(blocks.get(b))
                + " parameters, its diagonal "
                + diagonals.get(b).length);
      }
    }
  }

  /** Gradients in the new coordinates, in place. */
  void toCoordinates(List<double[]> gradients) {
    apply(gradients, (x, d) -> x / Math.sqrt(d));
  }

  /**
   * Gradients back from the new coordinates, in place.
   *
   * @throws ArithmeticException if one exceeds the range of float64
   */
  void fromCoordinates(List<double[]> gradients) {
    apply(
        gradients,
        (x, d) -> {
          double back = x * Math.sqrt(d);
          if (!Double.isFinite(back)) {
            throw new ArithmeticException(
                "masking: a gradient of "
                    + x
                    + " in the optimiser's coordinates overflows where it divides by "
                    + d);
          }
          return back;
        });
  }

  /** Fisher diagonals in the new coordinates, in place. */
  void fisherToCoordinates(List<double[]> diagonal) {
    apply(diagonal, (x, d) -> x / d);
  }

  private void apply(List<double[]> values, DoubleBinaryOperator operation) {
    for (int b = 0; b < values.size(); b++) {
      double[] d = diagonals.get(b);
      double[] x = values.get(b);
      for (int i = 0; i < x.length; i++) {
        x[i] = operation.applyAsDouble(x[i], d[i]);
      }
    }
  }

  /** The Hessian of all blocks in the new coordinates. */
  LinearOperator joint(LinearOperator h) {
    return scaled(h, diagonals.stream().flatMapToDouble(Arrays::stream).toArray());
  }

  /** The Hessian of one block in the new coordinates. */
  LinearOperator block(int block, LinearOperator h) {
    return scaled(h, diagonals.get(block));
  }

  private static LinearOperator scaled(LinearOperator h, double[] diagonal) {
    double[] root = new double[diagonal.length];
    for (int i = 0; i < root.length; i++) {
      root[i] = 1 / Math.sqrt(diagonal[i]);
    }
    return new LinearOperator() {
      @Override
      public int dimension() {
        return h.dimension();
      }

      @Override
      public double relativeProductError() {
        return h.relativeProductError();
      }

      @Override
      public void apply(double[] x, double[] y) {
        double[] scaled = new double[x.length];
        for (int i = 0; i < x.length; i++) {
          scaled[i] = root[i] * x[i];
        }
        h.apply(scaled, y);
        for (int i = 0; i < y.length; i++) {
          y[i] *= root[i];
        }
      }
    };
  }
}
