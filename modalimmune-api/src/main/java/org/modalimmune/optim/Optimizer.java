package org.modalimmune.optim;

import java.util.List;
import java.util.Map;
import org.modalimmune.nn.Parameter;
import org.modalimmune.tensor.Tensor;

/** Changes parameters in place, one step per gradient. */
public interface Optimizer {
  /** The parameters in the order in which {@link #step} takes gradients. */
  List<Parameter> parameters();

  /**
   * One update of every parameter.
   *
   * @param gradients one per entry of {@link #parameters}, of its shape and type
   * @param learningRate step length, finite and not negative
   * @throws IllegalArgumentException if the gradients do not fit; nothing is then changed
   */
  void step(List<Tensor> gradients, double learningRate);

  /** Updates made so far. */
  long steps();

  /**
   * Sets the decay of one group for the steps to come.
   *
   * @throws IllegalArgumentException if there is no such group or the value is negative or not
   *     finite
   */
  void setWeightDecay(String group, double weightDecay);

  /**
   * The decay of one group.
   *
   * @throws IllegalArgumentException if there is no such group
   */
  double weightDecay(String group);

  /**
   * What an unchanging gradient g is divided by: D, not negative, such that the parameter w stands
   * still where g / D + decay w = 0, at the present averages.
   *
   * @param parameter a parameter's name
   * @return one element per element of the parameter, row-major; a copy
   * @throws IllegalArgumentException if there is no such parameter
   */
  double[] preconditioner(String parameter);

  /**
   * The running averages by name, the live tensors: saving them together with {@link #steps} and
   * writing them back continues training bit for bit.
   */
  Map<String, Tensor> state();

  /**
   * Sets the number of updates made so far, after {@link #state} was written back.
   *
   * @throws IllegalArgumentException if negative
   */
  void restoreSteps(long steps);
}
