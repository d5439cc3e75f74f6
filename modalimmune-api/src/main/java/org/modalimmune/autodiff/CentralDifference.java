package org.modalimmune.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.modalimmune.backend.Backend;

/**
 * The directional difference (u, f(x + h t) - f(x - h t)) / 2h with f evaluated at float64 inputs.
 *
 * @param f the function
 * @param x where
 * @param t direction, one array per input
 * @param u weights, one array per output
 */
record CentralDifference(
    Function<List<Variable>, List<Variable>> f,
    List<HostArray> x,
    List<HostArray> t,
    List<HostArray> u) {

  /** The difference with step h. */
  double at(Backend backend, double h) {
    List<HostArray> above = evaluate(backend, h);
    List<HostArray> below = evaluate(backend, -h);
    double sum = 0;
    for (int k = 0; k < u.size(); k++) {
      double[] weights = u.get(k).values();
      double[] high = above.get(k).values();
      double[] low = below.get(k).values();
      for (int j = 0; j < weights.length; j++) {
        sum += weights[j] * (high[j] - low[j]);
      }
    }
    return sum / (2 * h);
  }

  private List<HostArray> evaluate(Backend backend, double h) {
    try (Tape tape = new Tape(backend)) {
      List<Variable> inputs = new ArrayList<>();
      for (int i = 0; i < x.size(); i++) {
        inputs.add(tape.leaf(x.get(i).moved(tape.scope(), h, t.get(i))));
      }
      return f.apply(inputs).stream().map(y -> HostArray.of(y.tensor())).toList();
    }
  }
}
