package org.modalimmune.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.modalimmune.nn.LayerFixture;
import org.modalimmune.nn.Parameter;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** D of g / D + c w = 0, where a parameter stands still. */
class PreconditionerTest {
  private static final double DECAY = 0.3;

  private static Parameter parameter(LayerFixture f, double... values) {
    return new Parameter("w", f.scope().of(DType.FLOAT64, Shape.of(values.length), values), true);
  }

  /** Trains on the gradients of a convex function of w until nothing moves. */
  private static double[] settled(
      LayerFixture f, Optimizer o, Parameter w, UnaryOperator<double[]> gradient) {
    Schedule rate = new CosineSchedule(0.05, 0, 30_000);
    Tensor g = f.scope().zeros(DType.FLOAT64, w.value().shape());
    for (int t = 0; t < 30_000; t++) {
      g.set(gradient.apply(w.value().toDoubleArray()));
      o.step(List.of(g), rate.at(t));
    }
    return w.value().toDoubleArray();
  }

  /** Of softplus(2 w_0) - w_0 + (w_1 - 2)^2 + w_0 w_1 / 4, convex near its minimum. */
  private static double[] slope(double[] w) {
    return new double[] {2 / (1 + Math.exp(-2 * w[0])) - 1 + w[1] / 4, 2 * (w[1] - 2) + w[0] / 4};
  }

  @Test
  void gradientAndDecayCancelWhereTrainingEnds() {
    for (boolean adam : new boolean[] {true, false}) {
      try (LayerFixture f = new LayerFixture()) {
        Parameter w = parameter(f, 1, -1);
        List<ParameterGroup> groups = List.of(new ParameterGroup("g", List.of(w), DECAY));
        Optimizer o =
            adam
                ? new AdamW(f.ops(), groups, new AdamWSettings(0.9, 0.99, 0.5))
                : new SgdMomentum(f.ops(), groups, 0.9, false);
        double[] end = settled(f, o, w, PreconditionerTest::slope);
        double[] g = slope(end);
        double[] d = o.preconditioner("w");
        for (int i = 0; i < 2; i++) {
          assertTrue(Math.abs(g[i]) > 0.02, "a gradient of 0 would say nothing");
          // what the last steps, of vanishing length, leave
          assertEquals(0, g[i] / d[i] + DECAY * end[i], 1e-6, "adam " + adam + ", element " + i);
        }
      }
    }
  }

  @Test
  void isTheMagnitudeOfAnUnchangingGradientFromTheFirstStepOn() {
    for (DType dtype : DType.values()) {
      try (LayerFixture f = new LayerFixture()) {
        Parameter w = new Parameter("w", f.normal(RandomKey.of(1), dtype, 5), true);
        AdamW o = new AdamW(f.ops(), List.of(new ParameterGroup("g", List.of(w), 0.1)));
        double[] idle = new double[5];
        Arrays.fill(idle, 1e-8);
        assertArrayEquals(idle, o.preconditioner("w"), 0);
        Tensor g = f.normal(RandomKey.of(2), dtype, 5);
        double[] expected = g.toDoubleArray();
        double unit = dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
        for (int t = 1; t <= 20; t++) {
          o.step(List.of(g), 0.01);
          double[] d = o.preconditioner("w");
          for (int i = 0; i < 5; i++) {
            // three roundings of v a step, halved by the root; 1 - beta2 is known to 1000 units of
            // its own
            double bound = (3 * t * unit + 2000 * 0x1p-53) * Math.abs(expected[i]);
            assertEquals(Math.abs(expected[i]) + 1e-8, d[i], bound);
          }
        }
      }
    }
  }

  @Test
  void isACopyByName() {
    try (LayerFixture f = new LayerFixture()) {
      Parameter w = parameter(f, 1, 2);
      List<ParameterGroup> groups = List.of(new ParameterGroup("g", List.of(w), 0.1));
      for (Optimizer o :
          List.of(new AdamW(f.ops(), groups), new SgdMomentum(f.ops(), groups, 0.9, true))) {
        double[] d = o.preconditioner("w");
        double before = d[0];
        d[0] = Double.NaN;
        assertEquals(before, o.preconditioner("w")[0]);
        assertThrows(IllegalArgumentException.class, () -> o.preconditioner("nobody"));
      }
      assertArrayEquals(
          new double[] {1, 1}, new SgdMomentum(f.ops(), groups, 0.9, true).preconditioner("w"));
    }
  }
}
