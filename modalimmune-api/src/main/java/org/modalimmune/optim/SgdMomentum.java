package org.modalimmune.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modalimmune.backend.Ops;
import org.modalimmune.nn.Parameter;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * Stochastic gradient descent with momentum (Sutskever et al., ICML 2013, sections 2 and 3). With
 * learning rate a, gradient g, momentum u and the decay c of the parameter's group:
 *
 * <pre>
 * velocity = u velocity + g + c w
 * w = w - a velocity                          plain
 * w = w - a (g + c w + u velocity)            Nesterov, with the new velocity
 * </pre>
 *
 * <p>Here the decay is an L2 penalty: it passes through the velocity, unlike that of {@link AdamW}.
 */
public final class SgdMomentum implements Optimizer {
  private final Ops ops;
  private final double momentum;
  private final boolean nesterov;
  private final Groups groups;
  private final List<Parameter> parameters;
  private final List<Tensor> velocities = new ArrayList<>();
  private long steps;

  /**
   * An optimiser at rest.
   *
   * @param ops the velocities live in {@code ops.scope()}
   * @param momentum part of the velocity that is kept, in [0, 1); 0 is plain gradient descent
   * @param nesterov whether to look ahead
   * @throws IllegalArgumentException if a group or parameter name occurs twice, a parameter lives
   *     on another device, or the momentum is out of range
   */
  public SgdMomentum(Ops ops, List<ParameterGroup> groups, double momentum, boolean nesterov) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("sgd: the momentum must be in [0, 1), got " + momentum);
    }
    this.ops = ops;
    this.momentum = momentum;
    this.nesterov = nesterov;
    this.groups = new Groups(ops, groups);
    this.parameters = this.groups.parameters();
    for (Parameter p : parameters) {
      velocities.add(ops.full(0, p.value().dtype(), p.value().shape()));
    }
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public void step(List<Tensor> gradients, double learningRate) {
    groups.check(gradients, learningRate);
    // strided gradients are copied, and the copies must not pile up in the parameters' scope
    try (Scope scratch = ops.backend().newScope()) {
      Ops temporary = ops.backend().ops(scratch);
      for (int i = 0; i < parameters.size(); i++) {
        temporary.momentum(
            learningRate,
            momentum,
            groups.decayOf(i),
            nesterov,
            gradients.get(i),
            parameters.get(i).value(),
            velocities.get(i));
      }
    }
    steps++;
  }

  /** 1 everywhere: the decay is a penalty. */
  @Override
  public double[] preconditioner(String parameter) {
    long size = parameters.get(groups.indexOf(parameter)).value().elements();
    double[] d = new double[Math.toIntExact(size)];
    Arrays.fill(d, 1);
    return d;
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public void setWeightDecay(String group, double weightDecay) {
    groups.setDecay(group, weightDecay);
  }

  @Override
  public double weightDecay(String group) {
    return groups.decay(group);
  }

  /** For each parameter {@code sgd.velocity.NAME}. */
  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      state.put("sgd.velocity." + parameters.get(i).name(), velocities.get(i));
    }
    return state;
  }

  @Override
  public void restoreSteps(long count) {
    Groups.requireCount(count);
    steps = count;
  }
}
