package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;

/** Settings in unconstrained form: their limits, their derivative, and how they are moved. */
class MetaParameterTest {
  private Backend backend;
  private Scope scope;

  @BeforeEach
  @BeforeProperty
  void open() {
    backend = Backends.open("reference", BackendOptions.ofThreads(1));
    scope = backend.newScope();
  }

  @AfterEach
  @AfterProperty
  void close() {
    scope.close();
    backend.close();
  }

  private MetaParameter positive(double start) {
    return new MetaParameter(
        scope, DType.FLOAT64, "p", MetaParameter.Form.LOG, start, start / 10, start * 10);
  }

  private MetaParameter fraction(double start) {
    return new MetaParameter(
        scope, DType.FLOAT64, "f", MetaParameter.Form.LOGIT, start, 0.02, 0.98);
  }

  @Property(tries = 200)
  void noStepLeavesTheLimits(@ForAll List<Double> steps) {
    MetaParameter p = positive(0.3);
    MetaParameter f = fraction(0.5);
    for (double step : steps) {
      p.move(step);
      f.move(step);
      // the limits themselves are kept up to the rounding of a logarithm and an exponential
      assertTrue(p.value() >= 0.03 * (1 - 1e-14) && p.value() <= 3 * (1 + 1e-14));
      assertTrue(f.value() >= 0.02 * (1 - 1e-14) && f.value() <= 0.98 * (1 + 1e-14));
    }
  }

  @Test
  void movesByFactorsAndByOdds() {
    MetaParameter p = positive(0.3);
    p.move(0.5);
    assertEquals(0.3 * Math.exp(0.5), p.value(), 1e-15);
    MetaParameter f = fraction(0.5);
    f.move(-0.5);
    assertEquals(Math.exp(-0.5), f.value() / (1 - f.value()), 1e-15);
    p.move(1e300);
    assertEquals(3, p.value(), 1e-14);
    p.move(-0.25);
    assertEquals(3 * Math.exp(-0.25), p.value(), 1e-14);
  }

  @Test
  void theTapeHoldsTheSettingAndItsDerivative() {
    for (MetaParameter p : List.of(positive(0.3), fraction(0.2))) {
      p.move(0.25);
      try (Tape tape = new Tape(backend)) {
        Variable setting = p.on(tape);
        assertEquals(p.value(), setting.tensor().item(), 1e-16);
        double slope = Gradients.of(setting, List.of(p.leaf(tape))).getFirst().tensor().item();
        double expected = p.name().equals("p") ? p.value() : p.value() * (1 - p.value());
        assertEquals(expected, slope, 1e-15);
      }
    }
  }

  @Test
  void restoringBringsBackTheSettingAndRefusesWhatIsOutside() {
    MetaParameter p = positive(0.3);
    p.move(0.5);
    MetaParameter other = positive(0.3);
    other.restore(p.unconstrained());
    assertEquals(p.value(), other.value());
    for (double bad : new double[] {Double.NaN, 5, -5, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> other.restore(bad));
    }
    assertThrows(IllegalArgumentException.class, () -> other.move(Double.NaN));
    assertEquals(p.value(), other.value());
  }

  @Test
  void limitsThatDoNotFitAreRefused() {
    double[][] bad = {{0.3, 0.5, 1}, {2, 0.5, 1}, {0, 0, 1}, {Double.NaN, 0.1, 1}, {0.5, 0.1, 1}};
    for (int i = 0; i < bad.length; i++) {
      double[] b = bad[i];
      // a LOG setting may be 1, a LOGIT setting may not
      MetaParameter.Form form = i == 4 ? MetaParameter.Form.LOGIT : MetaParameter.Form.LOG;
      assertThrows(
          IllegalArgumentException.class,
          () -> new MetaParameter(scope, DType.FLOAT64, "p", form, b[0], b[1], b[2]));
    }
  }

  @Test
  void theFirstUpdateHasTheFullLengthAndLaterOnesAverage() {
    MetaParameter a = positive(0.3);
    MetaParameter b = fraction(0.5);
    MetaParameter still =
        new MetaParameter(scope, DType.FLOAT64, "s", MetaParameter.Form.LOG, 1, 0.1, 10);
    MetaUpdate update = new MetaUpdate(List.of(a, b, still), 0.1);
    double ua = a.unconstrained();
    update.apply(new double[] {1e-9, -5, 0});
    assertEquals(ua - 0.1, a.unconstrained(), 1e-15);
    assertEquals(0.1, b.unconstrained(), 1e-15);
    assertEquals(0, still.unconstrained());
    update.apply(new double[] {-1e-9, -5, 0});
    // m = (-0.2 + 0.8 0.2) / (1 - 0.64), v = 1 after correction
    assertEquals(ua - 0.1 + 0.1 * 0.04 / 0.36, a.unconstrained(), 1e-14);
    assertEquals(0.2, b.unconstrained(), 1e-15);
  }

  @Test
  void onlyAdaptedKindsMove() {
    MetaParameters meta =
        new MetaParameters(
            scope, DType.FLOAT32, Set.of(MetaGroup.NOISE, MetaGroup.DECAY, MetaGroup.SEVERITY));
    MetaParameters.Setting fixed = meta.positive(MetaGroup.WEIGHTS, "weight", 0.7, 8);
    meta.positive(MetaGroup.NOISE, "noise", 0.3, 10);
    MetaParameters.Setting zero = meta.positive(MetaGroup.NOISE, "zero", 0, 10);
    MetaParameters.Setting inside = meta.fraction(MetaGroup.SEVERITY, "severity", 1, 0.02);
    assertEquals(
        List.of("noise", "severity"), meta.moving().stream().map(MetaParameter::name).toList());
    try (Tape tape = new Tape(backend)) {
      assertEquals((float) 0.7, fixed.on(tape).tensor().item());
      assertFalse(fixed.on(tape).isTracked());
      assertEquals(0, zero.on(tape).tensor().item());
      assertEquals(0.98, inside.on(tape).tensor().item(), 1e-7);
      assertEquals(DType.FLOAT32, inside.on(tape).dtype());
    }
    assertTrue(meta.parameter(MetaGroup.DECAY, "decay", 0, 100).isEmpty());
    assertTrue(meta.parameter(MetaGroup.DECAY, "decay", 0.1, 100).isPresent());
    assertTrue(meta.parameter(MetaGroup.PATTERNS, "other", 0.1, 100).isEmpty());
    assertThrows(
        IllegalArgumentException.class, () -> meta.positive(MetaGroup.NOISE, "noise", 1, 2));
    assertEquals(Set.of("noise", "severity"), meta.values().keySet());
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    Set<MetaGroup> some = Set.of(MetaGroup.NOISE);
    double nan = Double.NaN;
    List<double[]> bad =
        List.of(
            new double[] {0, 0, 1, 0.1, 1, 0.1, 0.1},
            new double[] {1, -0.1, 1, 0.1, 1, 0.1, 0.1},
            new double[] {1, nan, 1, 0.1, 1, 0.1, 0.1},
            new double[] {1, 0, 0, 0.1, 1, 0.1, 0.1},
            new double[] {1, 0, nan, 0.1, 1, 0.1, 0.1},
            new double[] {1, 0, 1, 0, 1, 0.1, 0.1},
            new double[] {1, 0, 1, 1, 1, 0.1, 0.1},
            new double[] {1, 0, 1, 0.1, 0, 0.1, 0.1},
            new double[] {1, 0, 1, 0.1, 1, 0, 0.1},
            new double[] {1, 0, 1, 0.1, 1, nan, 0.1},
            new double[] {1, 0, 1, 0.1, 1, 0.1, 1},
            new double[] {1, 0, 1, 0.1, 1, 0.1, 1e-10});
    for (double[] b : bad) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new HyperGradientOptions(some, (int) b[0], b[1], b[2], b[3], (int) b[4], b[5], b[6]));
    }
    assertFalse(HyperGradientOptions.off().isOn());
    assertTrue(HyperGradientOptions.defaults().isOn());
    assertTrue(HyperGradientOptions.off().adapting(some).isOn());
  }
}
