package org.modalimmune.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.modalimmune.io.StoredType;
import org.modalimmune.nn.Parameter;
import org.modalimmune.optim.Optimizer;
import org.modalimmune.optim.ParameterGroup;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * All that the next step of a run depends on and that its identity does not tell. Draws are named
 * by seed and step, so that no generator has a state.
 *
 * @param parameters of the model
 * @param best their values at the best epoch so far, in the same order
 * @param optimizer its averages, steps and decays
 * @param groups of the optimiser
 * @param parts what else remembers something, by name
 */
record RunState(
    List<Parameter> parameters,
    List<Tensor> best,
    Optimizer optimizer,
    List<ParameterGroup> groups,
    SortedMap<String, Part> parts) {
  private static final String OPTIMIZER = "optimizer";
  private static final String STEPS = "steps";
  private static final String DECAYS = "decays";

  /**
   * Something that remembers.
   *
   * @param save gives its state
   * @param restore continues from one; refuses what does not fit
   */
  record Part(Supplier<TrainingState> save, Consumer<TrainingState> restore) {}

  /**
   * Copies of the tensors: {@code parameters.p}, {@code best.p} and {@code optimizer.s}.
   *
   * @throws TrainingDivergedException if a value is NaN or infinite
   */
  SortedMap<String, CheckpointContent.Values> tensors() {
    SortedMap<String, CheckpointContent.Values> values = new TreeMap<>();
    live()
        .forEach(
            (name, tensor) ->
                values.put(
                    name,
                    new CheckpointContent.Values(
                        type(tensor), sizes(tensor), finite(name, tensor.toDoubleArray()))));
    return values;
  }

  private static double[] finite(String name, double[] values) {
    OptionalInt place = firstNotFinite(values);
    if (place.isPresent()) {
      throw new TrainingDivergedException(
          "checkpoint: "
              + name
              + " became "
              + values[place.getAsInt()]
              + " at place "
              + place.getAsInt()
              + "; lower the learning rate");
    }
    return values;
  }

  private static OptionalInt firstNotFinite(double[] values) {
    return IntStream.range(0, values.length).filter(i -> !Double.isFinite(values[i])).findFirst();
  }

  /** Everything else. */
  TrainingState state() {
    Map<String, TrainingState> states = new HashMap<>();
    parts.forEach((name, part) -> states.put(name, part.save().get()));
    double[] decays = groups.stream().mapToDouble(g -> optimizer.weightDecay(g.name())).toArray();
    states.put(
        OPTIMIZER,
        TrainingState.of(Map.of(STEPS, new double[] {optimizer.steps()}, DECAYS, decays)));
    return TrainingState.ofParts(states);
  }

  /**
   * Continues from what {@link #tensors} and {@link #state} gave.
   *
   * @throws IllegalArgumentException if anything does not fit; no tensor has been changed then, but
   *     parts may have been: the run must not begin
   */
  void restore(SortedMap<String, CheckpointContent.Values> tensors, TrainingState state) {
    SortedMap<String, Tensor> live = live();
    requireFits(live, tensors);
    Set<String> known = new HashSet<>(parts.keySet());
    known.add(OPTIMIZER);
    state.requireOnly(known);
    TrainingState own = state.part(OPTIMIZER);
    double[] decays = own.array(DECAYS, groups.size());
    optimizer.restoreSteps(own.count(STEPS));
    for (int g = 0; g < decays.length; g++) {
      optimizer.setWeightDecay(groups.get(g).name(), decays[g]);
    }
    parts.forEach((name, part) -> part.restore().accept(state.part(name)));
    // a float32 value survives the way through double unchanged
    tensors.forEach((name, values) -> tensor(live, name).set(values.values()));
  }

  private static void requireFits(
      SortedMap<String, Tensor> live, SortedMap<String, CheckpointContent.Values> tensors) {
    Set<String> names = new HashSet<>(live.keySet());
    names.addAll(tensors.keySet());
    for (String name : names) {
      if (!live.containsKey(name) || !tensors.containsKey(name)) {
        throw new IllegalArgumentException(
            "tensor '" + name + "' is only in " + (live.containsKey(name) ? "the run" : "it"));
      }
    }
    tensors.forEach(
        (name, values) -> {
          Tensor needed = tensor(live, name);
          if (values.type() != type(needed) || !values.shape().equals(sizes(needed))) {
            throw new IllegalArgumentException(
                "tensor '"
                    + name
                    + "' is "
                    + values.type()
                    + values.shape()
                    + ", needed "
                    + type(needed)
                    + sizes(needed));
          }
          if (firstNotFinite(values.values()).isPresent()) {
            throw new IllegalArgumentException("tensor '" + name + "' is not finite");
          }
        });
  }

  private SortedMap<String, Tensor> live() {
    SortedMap<String, Tensor> live = new TreeMap<>();
    for (int i = 0; i < best.size(); i++) {
      Parameter p = parameters.get(i);
      live.put("parameters." + p.name(), p.value());
      live.put("best." + p.name(), best.get(i));
    }
    optimizer.state().forEach((name, tensor) -> live.put("optimizer." + name, tensor));
    return live;
  }

  private static Tensor tensor(Map<String, Tensor> live, String name) {
    Tensor found = live.get(name);
    if (found == null) {
      throw new IllegalArgumentException("tensor '" + name + "' is not in the run");
    }
    return found;
  }

  private static StoredType type(Tensor tensor) {
    return tensor.dtype() == DType.FLOAT64 ? StoredType.F64 : StoredType.F32;
  }

  private static List<Long> sizes(Tensor tensor) {
    return Arrays.stream(tensor.shape().dims()).boxed().toList();
  }
}
