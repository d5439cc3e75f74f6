package org.modalimmune.autodiff;

import java.util.Optional;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.Tensor;

/**
 * Rule of layer normalisation with a gain and a bias. A walk that is not recorded takes all three
 * cotangents from one kernel.
 *
 * @param normalized the rows before gain and bias, as a function of the operand
 * @param reciprocalStd their reciprocal deviations
 */
record ScaledLayerNormRule(Variable normalized, Tensor reciprocalStd) implements RowwiseRule {
  private static final int GAIN = 1;
  private static final int BIAS = 2;

  @Override
  public String operation() {
    return "layerNorm";
  }

  @Override
  public void pullBack(Pullback p) {
    Variable g = p.cotangent();
    if (!p.isDifferentiable()) {
      Tape tape = p.tape();
      Ops.ScaledLayerNormPullback all =
          tape.ops()
              .layerNormPullback(
                  normalized.tensor(), reciprocalStd, p.input(GAIN).tensor(), g.tensor());
      p.add(0, tape.constant(all.x()));
      p.add(GAIN, tape.constant(all.gain()));
      p.add(BIAS, tape.constant(all.bias()));
      return;
    }
    if (p.wants(0)) {
      Variable scaled = Elementwise.multiply(g, p.input(GAIN));
      p.add(0, Normalization.pulledBack(p.input(0), normalized, reciprocalStd, scaled));
    }
    if (p.wants(GAIN)) {
      p.add(GAIN, Reduction.sumTo(Elementwise.multiply(g, normalized), p.input(GAIN).shape()));
    }
    if (p.wants(BIAS)) {
      p.add(BIAS, Reduction.sumTo(g, p.input(BIAS).shape()));
    }
  }

  @Override
  public Optional<RowGradient> rows(Pullback p, int operand, long rows) {
    Variable g = p.cotangent();
    return switch (operand) {
      case GAIN ->
          BroadcastRows.of(Elementwise.multiply(g, normalized), p.input(GAIN).shape(), rows);
      case BIAS -> BroadcastRows.of(g, p.input(BIAS).shape(), rows);
      default -> Optional.empty();
    };
  }
}
