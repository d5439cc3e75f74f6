package org.modalimmune.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * One use of a differentiable operation, and inputs at which it is smooth.
 *
 * @param operation class, method and number of parameters, as {@link DifferentiableOperations}
 *     names them
 * @param variant what this case adds to the operation's others
 * @param function the operation
 * @param positive whether the inputs lie above 0.6, or on both sides of 0
 * @param shapes of the inputs
 */
record GradientCase(
    String operation,
    String variant,
    Function<List<Variable>, Variable> function,
    boolean positive,
    List<Shape> shapes) {

  /**
   * Inputs whose elements are all at least 1/4 apart and 1/8 from 0, in a drawn order: no extremum
   * is near a tie, no operand near a kink.
   */
  List<Tensor> inputs(Scope scope, long seed) {
    int count = shapes.stream().mapToInt(s -> (int) s.elements()).sum();
    double[] lattice = new double[count];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      double x = (i - count / 2 + 0.5) / 4;
      int j = random.nextInt(i + 1);
      lattice[i] = lattice[j];
      lattice[j] = positive ? 0.6 + Math.abs(x) : x;
    }
    List<Tensor> out = new ArrayList<>();
    int at = 0;
    for (Shape s : shapes) {
      int n = (int) s.elements();
      out.add(scope.of(DType.FLOAT64, s, Arrays.copyOfRange(lattice, at, at + n)));
      at += n;
    }
    return out;
  }

  @Override
  public String toString() {
    return operation + " " + variant + " " + shapes;
  }
}
