package org.modalimmune.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.modalimmune.backend.Ops;
import org.modalimmune.nn.Parameter;
import org.modalimmune.tensor.Tensor;

/** The parameters of an optimiser, flattened, with each group's current decay. */
final class Groups {
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<String> groupOf = new ArrayList<>();
  private final Map<String, Double> decays = new LinkedHashMap<>();

  Groups(Ops ops, List<ParameterGroup> groups) {
    Set<String> names = new HashSet<>();
    for (ParameterGroup g : groups) {
      if (decays.putIfAbsent(g.name(), g.weightDecay()) != null) {
        throw new IllegalArgumentException("optimizer: two groups are named " + g.name());
      }
      for (Parameter p : g.parameters()) {
        if (!names.add(p.name())) {
          throw new IllegalArgumentException(
              "optimizer: parameter "
                  + p.name()
                  + " is given twice; each belongs to exactly one group");
        }
        if (!p.value().scope().isOn(ops.scope().allocator())) {
          throw new IllegalArgumentException(
              "optimizer: parameter "
                  + p.name()
                  + " lives on another device than "
                  + ops.backend().allocator().deviceName());
        }
        parameters.add(p);
        groupOf.add(g.name());
      }
    }
  }

  List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  /** Position of a parameter. */
  int indexOf(String parameter) {
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).name().equals(parameter)) {
        return i;
      }
    }
    throw new IllegalArgumentException("optimizer: there is no parameter " + parameter);
  }

  double decay(String group) {
    Double decay = decays.get(group);
    if (decay == null) {
      throw new IllegalArgumentException(
          "optimizer: there is no group " + group + "; the groups are " + decays.keySet());
    }
    return decay;
  }

  void setDecay(String group, double decay) {
    decay(group);
    ParameterGroup.requireDecay(group, decay);
    decays.put(group, decay);
  }

  /** Decay of one parameter: its group's, or 0 if it is not decayed. */
  double decayOf(int index) {
    return parameters.get(index).decayed() ? decay(groupOf.get(index)) : 0;
  }

  /** Refuses gradients that do not fit, before any parameter is touched. */
  void check(List<Tensor> gradients, double learningRate) {
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "optimizer: the learning rate must be finite and not negative, got " + learningRate);
    }
    if (gradients.size() != parameters.size()) {
      throw new IllegalArgumentException(
          "optimizer: needs one gradient per parameter: "
              + parameters.size()
              + ", got "
              + gradients.size());
    }
    for (int i = 0; i < gradients.size(); i++) {
      Parameter p = parameters.get(i);
      Tensor g = gradients.get(i);
      p.value().storage();
      g.storage();
      if (!g.shape().equals(p.value().shape())
          || g.dtype() != p.value().dtype()
          || !g.scope().isOn(p.value().scope().allocator())) {
        throw new IllegalArgumentException(
            "optimizer: gradient "
                + i
                + " must fit parameter "
                + p.name()
                + ": "
                + p.value()
                + ", got "
                + g
                + "; are the gradients in the order of parameters()?");
      }
      if (sameMemory(g, p.value())) {
        throw new IllegalArgumentException(
            "optimizer: the gradient of "
                + p.name()
                + " shares memory with the parameter; copy it first");
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a storage is a place, not a value
  private static boolean sameMemory(Tensor a, Tensor b) {
    return a.storage() == b.storage();
  }

  static void requireCount(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException(
          "optimizer: the number of steps must not be negative, got " + steps);
    }
  }
}
