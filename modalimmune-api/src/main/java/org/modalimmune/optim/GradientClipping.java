package org.modalimmune.optim;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.nn.Parameter;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Clipping by the global norm (Pascanu, Mikolov and Bengio, ICML 2013, algorithm 1): all gradients
 * are scaled by {@code min(1, maxNorm / norm)}, norm the Euclidean norm of all of them together.
 */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Gradients after clipping.
   *
   * @param gradients in the order given; the same tensors if nothing had to be scaled
   * @param norm global norm before clipping
   */
  public record Clipped(List<Tensor> gradients, double norm) {
    /** Copies the list. */
    public Clipped {
      gradients = List.copyOf(gradients);
    }
  }

  /**
   * Clips the gradients of {@code parameters}; none is changed in place. With an infinite {@code
   * maxNorm} it measures, and refuses what is not finite, without scaling.
   *
   * @param ops scaled gradients and scratch go to {@code ops.scope()}
   * @param maxNorm largest norm allowed, positive
   * @throws NonFiniteGradientException if a gradient contains NaN or infinity; it names the
   *     parameter
   * @throws IllegalArgumentException if there is not one gradient per parameter
   */
  public static Clipped byGlobalNorm(
      Ops ops, List<Parameter> parameters, List<Tensor> gradients, double maxNorm) {
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException(
          "clipping: the largest norm must be positive, got " + maxNorm);
    }
    if (parameters.size() != gradients.size()) {
      throw new IllegalArgumentException(
          "clipping: needs one gradient per parameter: "
              + parameters.size()
              + ", got "
              + gradients.size());
    }
    double norm = globalNorm(ops, parameters, gradients);
    if (!(norm > maxNorm)) {
      return new Clipped(gradients, norm);
    }
    List<Tensor> scaled = new ArrayList<>(gradients.size());
    for (Tensor g : gradients) {
      scaled.add(ops.affine(g, maxNorm / norm, 0));
    }
    return new Clipped(scaled, norm);
  }

  private static double globalNorm(Ops ops, List<Parameter> parameters, List<Tensor> gradients) {
    List<Tensor> squares = new ArrayList<>(gradients.size());
    for (Tensor g : gradients) {
      squares.add(ops.dot(g, g));
    }
    double norm = 0;
    for (int i = 0; i < squares.size(); i++) {
      double square = squares.get(i).item();
      double one =
          Double.isFinite(square)
              ? Math.sqrt(square)
              : scaledNorm(ops, parameters.get(i), gradients.get(i));
      norm = Math.hypot(norm, one);
    }
    return norm;
  }

  /** Norm of a gradient whose square overflows, or is not finite in the first place. */
  private static double scaledNorm(Ops ops, Parameter parameter, Tensor gradient) {
    Tensor magnitudes = ops.unary(UnaryOp.ABS, gradient);
    double largest = ops.reduceTo(ReduceOp.MAX, magnitudes, Shape.of()).item();
    if (!Double.isFinite(largest)) {
      throw new NonFiniteGradientException(
          parameter.name(),
          "gradient: that of "
              + parameter.name()
              + " "
              + gradient.shape()
              + " contains "
              + (Double.isNaN(largest) ? "NaN" : "infinity")
              + "; lower the learning rate or look for a division by zero in the loss");
    }
    Tensor unit = ops.affine(gradient, 1 / largest, 0);
    return largest * Math.sqrt(ops.dot(unit, unit).item());
  }
}
