package org.modalimmune.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.modalimmune.nn.LayerFixture;
import org.modalimmune.nn.Parameter;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** What every optimiser keeps: groups, refusals before any change, state that can be continued. */
class OptimizerTest {
  private interface Maker extends BiFunction<LayerFixture, List<ParameterGroup>, Optimizer> {}

  private static final List<Maker> ALL =
      List.of(
          (f, groups) -> new AdamW(f.ops(), groups),
          (f, groups) -> new SgdMomentum(f.ops(), groups, 0.9, true));

  private static Parameter parameter(LayerFixture f, String name, RandomKey key, DType dtype) {
    return new Parameter(name, f.normal(key.fold(name), dtype, 3, 2), true);
  }

  @Property(tries = 20)
  void continuingFromSavedStateGivesTheSameBits(
      @ForAll long seed, @ForAll DType dtype, @ForAll @IntRange(min = 1, max = 4) int before) {
    RandomKey key = RandomKey.of(seed);
    for (Maker maker : ALL) {
      try (LayerFixture f = new LayerFixture()) {
        Parameter a = parameter(f, "a", key, dtype);
        Parameter b = new Parameter("a", f.ops().copy(a.value()), true);
        Optimizer first = maker.apply(f, List.of(new ParameterGroup("g", List.of(a), 0.1)));
        for (int t = 0; t < before; t++) {
          first.step(List.of(f.normal(key.fold(t), dtype, 3, 2)), 0.01);
        }
        Optimizer second = maker.apply(f, List.of(new ParameterGroup("g", List.of(b), 0.1)));
        b.value().set(a.value().toDoubleArray());
        first.state().forEach((k, v) -> second.state().get(k).set(v.toDoubleArray()));
        second.restoreSteps(first.steps());
        for (int t = before; t < before + 3; t++) {
          Tensor gradient = f.normal(key.fold(t), dtype, 3, 2);
          first.step(List.of(gradient), 0.01);
          second.step(List.of(gradient), 0.01);
        }
        assertArrayEquals(a.value().toDoubleArray(), b.value().toDoubleArray());
        assertEquals(before + 3, second.steps());
      }
    }
  }

  @Test
  void decayIsOneGroupsAlone() {
    for (Maker maker : ALL) {
      try (LayerFixture f = new LayerFixture()) {
        RandomKey key = RandomKey.of(1);
        Parameter a = parameter(f, "a", key, DType.FLOAT64);
        Parameter b = parameter(f, "b", key, DType.FLOAT64);
        double[] before = b.value().toDoubleArray();
        Optimizer o =
            maker.apply(
                f,
                List.of(
                    new ParameterGroup("x", List.of(a), 0),
                    new ParameterGroup("y", List.of(b), 0)));
        o.setWeightDecay("x", 0.5);
        assertEquals(0.5, o.weightDecay("x"));
        assertEquals(0, o.weightDecay("y"));
        double size = norm(a.value());
        Tensor zero = f.scope().zeros(DType.FLOAT64, Shape.of(3, 2));
        o.step(List.of(zero, zero), 0.1);
        assertTrue(norm(a.value()) < size);
        assertArrayEquals(before, b.value().toDoubleArray());
      }
    }
  }

  private static double norm(Tensor t) {
    double sum = 0;
    for (double v : t.toDoubleArray()) {
      sum += v * v;
    }
    return Math.sqrt(sum);
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnyChange() {
    for (Maker maker : ALL) {
      try (LayerFixture f = new LayerFixture();
          LayerFixture elsewhere = new LayerFixture()) {
        RandomKey key = RandomKey.of(1);
        Parameter a = parameter(f, "a", key, DType.FLOAT32);
        Parameter b = parameter(f, "b", key, DType.FLOAT32);
        ParameterGroup group = new ParameterGroup("g", List.of(a, b), 0.1);
        Optimizer o = maker.apply(f, List.of(group));
        double[] before = a.value().toDoubleArray();
        Tensor good = f.normal(key, DType.FLOAT32, 3, 2);
        refused(() -> o.step(List.of(good), 0.1));
        refused(() -> o.step(List.of(good, f.normal(key, DType.FLOAT32, 2, 3)), 0.1));
        refused(() -> o.step(List.of(good, f.normal(key, DType.FLOAT64, 3, 2)), 0.1));
        refused(() -> o.step(List.of(good, elsewhere.normal(key, DType.FLOAT32, 3, 2)), 0.1));
        refused(() -> o.step(List.of(good, b.value()), 0.1));
        refused(() -> o.step(List.of(good, good), Double.NaN));
        refused(() -> o.step(List.of(good, good), -1));
        refused(() -> o.setWeightDecay("nobody", 0.1));
        refused(() -> o.setWeightDecay("g", -0.1));
        refused(() -> o.weightDecay("nobody"));
        refused(() -> o.restoreSteps(-1));
        refused(() -> maker.apply(f, List.of(group, group)));
        refused(() -> maker.apply(f, List.of(new ParameterGroup("h", List.of(a, a), 0))));
        refused(() -> maker.apply(elsewhere, List.of(group)));
        assertArrayEquals(before, a.value().toDoubleArray());
        assertEquals(0, o.steps());
      }
    }
  }

  private static void refused(Executable action) {
    assertThrows(IllegalArgumentException.class, action);
  }

  /**
   * From starts of several sizes, the same at every run: how far AdamW gets in a number of steps
   * falls with the start, since its first steps are as long as the learning rate wherever it is.
   */
  @Test
  void momentumFindsTheMinimumOfABowl() {
    for (Maker maker : ALL) {
      try (LayerFixture f = new LayerFixture()) {
        Parameter w = parameter(f, "w", RandomKey.of(1), DType.FLOAT64);
        w.value().set(new double[] {-2, 1.5, -1, 0.5, -0.1, 0.01});
        Optimizer o = maker.apply(f, List.of(new ParameterGroup("g", List.of(w), 0)));
        Schedule rate = new WarmUp(10, new CosineSchedule(0.05, 0, 490));
        for (int t = 0; t < 500; t++) {
          o.step(List.of(f.ops().copy(w.value())), rate.at(t));
        }
        assertTrue(norm(w.value()) < 1e-2, "left at " + norm(w.value()));
      }
    }
  }
}
