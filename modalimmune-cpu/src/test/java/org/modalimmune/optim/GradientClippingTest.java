package org.modalimmune.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.nn.LayerFixture;
import org.modalimmune.nn.Parameter;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Clipping by the global norm. */
class GradientClippingTest {
  private static List<Parameter> parameters(LayerFixture f, List<Tensor> gradients) {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < gradients.size(); i++) {
      Tensor g = gradients.get(i);
      parameters.add(new Parameter("p" + i, f.scope().zeros(g.dtype(), g.shape()), true));
    }
    return parameters;
  }

  @Property(tries = 50)
  void theNormIsRightAndCutToItsLimit(
      @ForAll long seed,
      @ForAll DType dtype,
      @ForAll @IntRange(min = 1, max = 4) int count,
      @ForAll @DoubleRange(min = 0.01, max = 20) double limit) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      List<Tensor> gradients = new ArrayList<>();
      double square = 0;
      for (int i = 0; i < count; i++) {
        Tensor g = f.normal(key.fold(i), dtype, 2, i);
        gradients.add(g);
        square += squares(g);
      }
      GradientClipping.Clipped clipped =
          GradientClipping.byGlobalNorm(f.ops(), parameters(f, gradients), gradients, limit);
      double norm = Math.sqrt(square);
      // sums of at most 20 squares, rounded to the type once per gradient
      double relative = 32 * dtype.unitRoundoff();
      assertEquals(norm, clipped.norm(), relative * norm);
      double after = 0;
      for (int i = 0; i < count; i++) {
        after += squares(clipped.gradients().get(i));
        if (norm < limit * (1 - relative)) {
          assertSame(gradients.get(i), clipped.gradients().get(i));
        }
      }
      double expected = Math.min(norm, limit);
      assertEquals(expected, Math.sqrt(after), 2 * relative * expected);
    }
  }

  private static double squares(Tensor t) {
    double sum = 0;
    for (double v : t.toDoubleArray()) {
      sum += v * v;
    }
    return sum;
  }

  @Test
  void aSquareThatOverflowsIsNotMistakenForInfinity() {
    try (LayerFixture f = new LayerFixture()) {
      List<Tensor> gradients = List.of(f.scope().of(Shape.of(2), 3e30f, -4e30f));
      GradientClipping.Clipped clipped =
          GradientClipping.byGlobalNorm(f.ops(), parameters(f, gradients), gradients, 1);
      assertEquals(5e30, clipped.norm(), 5e30 * 16 * DType.FLOAT32.unitRoundoff());
      assertEquals(-0.8, clipped.gradients().getFirst().toDoubleArray()[1], 1e-5);
    }
  }

  @Test
  void whatIsNotFiniteIsNamed() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      try (LayerFixture f = new LayerFixture()) {
        List<Tensor> gradients =
            List.of(f.scope().of(Shape.of(2), 1, 2), f.scope().of(Shape.of(2), 1, bad));
        NonFiniteGradientException e =
            assertThrows(
                NonFiniteGradientException.class,
                () ->
                    GradientClipping.byGlobalNorm(
                        f.ops(), parameters(f, gradients), gradients, Double.POSITIVE_INFINITY));
        assertEquals("p1", e.parameter());
        assertTrue(e.getMessage().contains("p1"), e.getMessage());
      }
    }
  }

  @Test
  void badArgumentsAreRefused() {
    try (LayerFixture f = new LayerFixture()) {
      List<Tensor> gradients = List.of(f.scope().of(Shape.of(1), 1));
      List<Parameter> parameters = parameters(f, gradients);
      for (double limit : new double[] {0, -1, Double.NaN}) {
        assertThrows(
            IllegalArgumentException.class,
            () -> GradientClipping.byGlobalNorm(f.ops(), parameters, gradients, limit));
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> GradientClipping.byGlobalNorm(f.ops(), parameters, List.of(), 1));
    }
  }
}
