package org.modalimmune.conformance;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Parameter updates: values, state, first steps, NaN. */
public abstract class OptimizerContract extends Contract {
  private static final Sampler SQUARES = r -> Math.pow(r.nextGaussian(), 2);

  /** For subclasses. */
  protected OptimizerContract() {}

  @Property(tries = 150)
  void adamW(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll boolean offset,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Layout layout = offset ? Layout.OFFSET : Layout.DENSE;
      long[] steps = {1, 2, 3, 10, 1000, 1_000_000};
      AdamWStep s =
          new AdamWStep(
              steps[t.random().nextInt(steps.length)],
              t.random().nextDouble(),
              t.random().nextInt(4) * 0.3,
              t.random().nextBoolean() ? 0.999 : 0.9,
              t.random().nextBoolean() ? 1e-8 : 1e-3,
              t.random().nextInt(2) * 0.01);
      Placement g = t.operand(shape, layout, Sampler.NORMAL);
      Placement w = t.inPlace(shape, layout, Sampler.NORMAL);
      Placement m = t.inPlace(shape, layout, s.step() == 1 ? r -> 0 : Sampler.NORMAL);
      Placement v = t.inPlace(shape, layout, s.step() == 1 ? r -> 0 : SQUARES);
      t.kernels().optimizer().adamW(s, g.view(), w.view(), m.view(), v.view());
      AdamWOracle oracle = new AdamWOracle(s, dtype);
      t.expect("first moment, " + s, m, i -> oracle.m(g.value(i), m.value(i)));
      t.expect("second moment, " + s, v, i -> oracle.v(g.value(i), v.value(i)));
      t.expect("parameter, " + s, w, i -> oracle.w(g.value(i), w.value(i), m.value(i), v.value(i)));
    }
  }

  @Property(tries = 150)
  void momentum(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll boolean nesterov,
      @ForAll boolean offset,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Layout layout = offset ? Layout.OFFSET : Layout.DENSE;
      double rate = t.random().nextDouble();
      double mu = t.random().nextInt(3) * 0.45;
      double decay = t.random().nextInt(2) * 0.01;
      Placement g = t.operand(shape, layout, Sampler.NORMAL);
      Placement w = t.inPlace(shape, layout, Sampler.NORMAL);
      Placement u = t.inPlace(shape, layout, Sampler.NORMAL);
      t.kernels().optimizer().momentum(rate, mu, decay, nesterov, g.view(), w.view(), u.view());
      t.expect(
          "velocity",
          u,
          i -> {
            DoubleDouble d = direction(g.value(i), w.value(i), decay);
            return Bounded.within(
                DoubleDouble.product(mu, u.value(i)).plus(d),
                Tolerances.velocity(g.value(i), decay * w.value(i), mu * u.value(i), dtype));
          });
      t.expect(
          "parameter, rate " + rate + " momentum " + mu + " nesterov " + nesterov,
          w,
          i -> {
            DoubleDouble d = direction(g.value(i), w.value(i), decay);
            DoubleDouble next = DoubleDouble.product(mu, u.value(i)).plus(d);
            DoubleDouble step = nesterov ? next.times(mu).plus(d) : next;
            double magnitude =
                (1 + mu)
                    * (Math.abs(g.value(i))
                        + Math.abs(decay * w.value(i))
                        + Math.abs(mu * u.value(i)));
            return Bounded.within(
                step.times(-rate).plus(w.value(i)),
                Tolerances.momentum(w.value(i), rate * magnitude, dtype));
          });
    }
  }

  @Property(tries = 30)
  void nanStaysWhereItIs(@ForAll DType dtype, @ForAll("lengths") long n, @ForAll long seed) {
    Shape shape = Shape.of(n);
    try (Trial t = trial(dtype, seed)) {
      Placement g =
          t.operand(shape, Layout.DENSE, r -> r.nextInt(5) == 0 ? Double.NaN : r.nextGaussian());
      Placement w = t.inPlace(shape, Layout.DENSE, Sampler.NORMAL);
      Placement m = t.inPlace(shape, Layout.DENSE, r -> 0);
      Placement v = t.inPlace(shape, Layout.DENSE, r -> 0);
      AdamWStep s = new AdamWStep(1, 0.1, 0.9, 0.999, 1e-8, 0);
      t.kernels().optimizer().adamW(s, g.view(), w.view(), m.view(), v.view());
      AdamWOracle oracle = new AdamWOracle(s, dtype);
      t.expect(
          "adamW with NaN",
          w,
          i ->
              Double.isNaN(g.value(i))
                  ? Bounded.exactly(Double.NaN)
                  : oracle.w(g.value(i), w.value(i), 0, 0));
    }
  }

  private static DoubleDouble direction(double g, double w, double decay) {
    return DoubleDouble.product(decay, w).plus(g);
  }
}
