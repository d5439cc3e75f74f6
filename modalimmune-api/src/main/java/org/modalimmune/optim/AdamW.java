package org.modalimmune.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.nn.Parameter;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019, algorithm 2). At step t with
 * learning rate a, gradient g and the decay c of the parameter's group:
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g g
 * w = w - a (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + c w)
 * </pre>
 */
public final class AdamW implements Optimizer {
  private final Ops ops;
  private final AdamWSettings settings;
  private final Groups groups;
  private final List<Parameter> parameters;
  private final List<Tensor> first = new ArrayList<>();
  private final List<Tensor> second = new ArrayList<>();
  private long steps;

  /** An optimiser with the usual settings. */
  public AdamW(Ops ops, List<ParameterGroup> groups) {
    this(ops, groups, AdamWSettings.defaults());
  }

  /**
   * An optimiser whose averages start at zero.
   *
   * @param ops the averages live in {@code ops.scope()}
   * @throws IllegalArgumentException if a group or parameter name occurs twice or a parameter lives
   *     on another device
   */
  public AdamW(Ops ops, List<ParameterGroup> groups, AdamWSettings settings) {
    this.ops = ops;
    this.settings = settings;
    this.groups = new Groups(ops, groups);
    this.parameters = this.groups.parameters();
    for (Parameter p : parameters) {
      first.add(ops.full(0, p.value().dtype(), p.value().shape()));
      second.add(ops.full(0, p.value().dtype(), p.value().shape()));
    }
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public void step(List<Tensor> gradients, double learningRate) {
    groups.check(gradients, learningRate);
    long number = steps + 1;
    // strided gradients are copied, and the copies must not pile up in the parameters' scope
    try (Scope scratch = ops.backend().newScope()) {
      Ops temporary = ops.backend().ops(scratch);
      for (int i = 0; i < parameters.size(); i++) {
        AdamWStep update = settings.at(number, learningRate, groups.decayOf(i));
        Tensor w = parameters.get(i).value();
        temporary.adamW(update, gradients.get(i), w, first.get(i), second.get(i));
      }
    }
    steps = number;
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

  /** sqrt(v / (1 - beta2^t)) + epsilon; epsilon alone before the first step. */
  @Override
  public double[] preconditioner(String parameter) {
    double[] d = second.get(groups.indexOf(parameter)).toDoubleArray();
    double correction = steps == 0 ? 1 : 1 - Math.pow(settings.beta2(), (double) steps);
    for (int i = 0; i < d.length; i++) {
      d[i] = Math.sqrt(d[i] / correction) + settings.epsilon();
    }
    return d;
  }

  /** For each parameter {@code adamw.m.NAME} and {@code adamw.v.NAME}. */
  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      state.put("adamw.m." + parameters.get(i).name(), first.get(i));
      state.put("adamw.v." + parameters.get(i).name(), second.get(i));
    }
    return state;
  }

  @Override
  public void restoreSteps(long count) {
    Groups.requireCount(count);
    steps = count;
  }
}
