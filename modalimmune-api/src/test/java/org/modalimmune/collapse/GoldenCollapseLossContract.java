package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.nn.GoldenVectors;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** The collapse loss and its gradient against {@code spec/vectors/collapse_loss.json}. */
public abstract class GoldenCollapseLossContract extends OperatorContract {
  private static final List<GoldenVectors.Case> CASES = GoldenVectors.read("collapse_loss");

  @Test
  void valueAndGradient() {
    onTape(tape -> CASES.forEach(c -> compare(tape, c)));
  }

  @Test
  void reference() {
    for (GoldenVectors.Case c : CASES) {
      // three roundings per batch, one of decay^n and one of the quotient, amplified by the
      // difference 1 - decay^n, which is at least an eighth
      assertEquals(c.number("reference"), reference(c), 64 * 0x1p-53, c.name());
    }
  }

  private static double reference(GoldenVectors.Case c) {
    RankReference reference = RankReference.empty(c.number("decay"));
    for (double rank : c.values("ranks")) {
      reference = reference.with(rank);
    }
    return reference.value();
  }

  private static void compare(Tape tape, GoldenVectors.Case c) {
    DType dtype = c.size("bits") == 32 ? DType.FLOAT32 : DType.FLOAT64;
    CollapseLossOptions options =
        new CollapseLossOptions(
            c.number("weight"), c.number("exponent"), c.number("anchor"), c.number("epsilon"));
    Variable z = tape.leaf(c.tensor(tape.scope(), dtype, "z"));
    Variable loss =
        new CollapseLoss(new StableRank(), options)
            .of(z, c.number("severity"), reference(c), RandomKey.of(c.size("seed")));
    Tensor gradient = Gradients.of(loss, List.of(z)).getFirst().tensor();
    String where = c.name() + " " + tape.backend();
    double value = loss.tensor().item();
    if (c.number("value") == 0) {
      assertEquals(0, value, where);
      // the smallest delta there is: a zero may have either sign
      assertArrayEquals(c.values("gradient"), gradient.toDoubleArray(), Double.MIN_VALUE, where);
      return;
    }
    Bounds bounds = Bounds.of(c, dtype.unitRoundoff());
    assertEquals(c.number("value"), value, bounds.value(), where);
    c.assertWithin("gradient", gradient, bounds.gradient());
  }

  /** Derived in {@code spec/tolerances.md}, section 12.1. */
  private record Bounds(double value, double gradient) {
    static Bounds of(GoldenVectors.Case c, double u) {
      double unit = Math.max(c.number("reference") - 1, c.number("epsilon"));
      double rank = c.number("rank");
      double rounding = (256 * u * rank + 4 * u * (rank + c.number("reference"))) / unit;
      double kappa = c.number("exponent");
      double weight = c.number("weight");
      double high = c.number("excess") + rounding;
      double low = Math.max(0, c.number("excess") - rounding);
      double spread = Math.pow(high, kappa + 1) - Math.pow(low, kappa + 1);
      double held = Math.pow(high, kappa);
      double turned = held - Math.pow(low, kappa);
      double steepest = c.number("steepest");
      double slope = 256 * u * c.number("condition") * Math.max(1, steepest);
      // no slope where the excess is clearly 0
      double pull = high > rounding ? (turned * steepest + held * slope) / unit : 0;

      long rows = c.tensors().get("z").shape().dim(0);
      long count = c.values("z").length;
      double p = c.number("pull");
      double scale = u * ((rows + 4) * p + count + 4);
      double q = u * p * (rows + 40) + 3 * p * scale;
      double anchor = c.number("severity") * c.number("anchor");
      double distance = anchor * (p * q + q * q / 2);
      double along = anchor / (count * c.number("scale")) * (q + p * (scale + 6 * u));
      double sum = (count + 8) * u * c.number("value");
      return new Bounds(
          weight * spread + distance + sum,
          weight * pull + along + 8 * u * (weight * held * steepest / unit + along));
    }
  }
}
