package org.modalimmune.cpu.reference;

import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.OptimizerKernels;
import org.modalimmune.tensor.Tensor;

/** Parameter updates in float64, each state rounded once per step. */
public final class ReferenceOptimizer implements OptimizerKernels {
  /** Has no state. */
  public ReferenceOptimizer() {}

  @Override
  public void adamW(AdamWStep settings, Tensor gradient, Tensor parameter, Tensor m, Tensor v) {
    View g = View.of(gradient);
    View p = View.of(parameter);
    View first = View.of(m);
    View second = View.of(v);
    double firstCorrection = 1 - StrictMath.pow(settings.beta1(), (double) settings.step());
    double secondCorrection = 1 - StrictMath.pow(settings.beta2(), (double) settings.step());
    for (Walk w = new Walk(g, p, first, second); w.next(); ) {
      double gradientValue = g.get(w.at(0));
      double value = p.get(w.at(1));
      double mean = settings.beta1() * first.get(w.at(2)) + (1 - settings.beta1()) * gradientValue;
      double square =
          settings.beta2() * second.get(w.at(3))
              + (1 - settings.beta2()) * gradientValue * gradientValue;
      double direction =
          mean / firstCorrection / (Math.sqrt(square / secondCorrection) + settings.epsilon());
      first.set(w.at(2), mean);
      second.set(w.at(3), square);
      p.set(
          w.at(1), value - settings.learningRate() * (direction + settings.weightDecay() * value));
    }
  }

  @Override
  public void momentum(
      double learningRate,
      double momentum,
      double weightDecay,
      boolean nesterov,
      Tensor gradient,
      Tensor parameter,
      Tensor velocity) {
    View g = View.of(gradient);
    View p = View.of(parameter);
    View u = View.of(velocity);
    for (Walk w = new Walk(g, p, u); w.next(); ) {
      double value = p.get(w.at(1));
      double decayed = g.get(w.at(0)) + weightDecay * value;
      double next = momentum * u.get(w.at(2)) + decayed;
      u.set(w.at(2), next);
      p.set(w.at(1), value - learningRate * (nesterov ? decayed + momentum * next : next));
    }
  }
}
