package org.modalimmune.conformance;

import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.tensor.DType;

/** Expected values of one AdamW update of one element. */
final class AdamWOracle {
  private final AdamWStep s;
  private final DType dtype;
  private final DoubleDouble first;
  private final DoubleDouble second;

  AdamWOracle(AdamWStep settings, DType dtype) {
    this.s = settings;
    this.dtype = dtype;
    this.first = correction(settings.beta1());
    this.second = correction(settings.beta2());
  }

  /** 1 - beta^step by repeated squaring. */
  private DoubleDouble correction(double beta) {
    DoubleDouble power = DoubleDouble.ONE;
    DoubleDouble factor = DoubleDouble.of(beta);
    for (long k = s.step(); k > 0; k >>= 1) {
      power = (k & 1) == 1 ? power.times(factor) : power;
      factor = factor.times(factor);
    }
    return DoubleDouble.ONE.minus(power);
  }

  private static DoubleDouble average(double beta, double old, DoubleDouble fresh) {
    return DoubleDouble.product(beta, old).plus(DoubleDouble.sum(1, -beta).times(fresh));
  }

  private static double magnitude(double beta, double old, double fresh) {
    return Math.abs(beta * old) + Math.abs((1 - beta) * fresh);
  }

  Bounded m(double g, double m) {
    return Bounded.within(
        average(s.beta1(), m, DoubleDouble.of(g)),
        Tolerances.movingAverage(magnitude(s.beta1(), m, g), dtype));
  }

  Bounded v(double g, double v) {
    return Bounded.within(
        average(s.beta2(), v, DoubleDouble.product(g, g)),
        Tolerances.movingAverage(magnitude(s.beta2(), v, g * g), dtype));
  }

  Bounded w(double g, double w, double m, double v) {
    DoubleDouble mHat = average(s.beta1(), m, DoubleDouble.of(g)).over(first);
    DoubleDouble root = average(s.beta2(), v, DoubleDouble.product(g, g)).over(second).sqrt();
    DoubleDouble step = mHat.over(root.plus(s.epsilon()));
    double corrections =
        Tolerances.biasCorrection(first.hi()) + Tolerances.biasCorrection(second.hi()) / 2;
    double momentMagnitude = magnitude(s.beta1(), m, g) / first.hi() / (root.hi() + s.epsilon());
    return Bounded.within(
        DoubleDouble.of(w)
            .minus(step.plus(DoubleDouble.product(s.weightDecay(), w)).times(s.learningRate())),
        Tolerances.adamW(
            w,
            s.learningRate() * momentMagnitude,
            s.learningRate() * s.weightDecay() * w,
            corrections,
            dtype));
  }
}
