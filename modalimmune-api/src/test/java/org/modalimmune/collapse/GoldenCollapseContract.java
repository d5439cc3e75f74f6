package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.nn.GoldenVectors;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** The ranks and their derivatives against {@code spec/vectors/collapse.json}. */
public abstract class GoldenCollapseContract extends OperatorContract {
  private static final List<GoldenVectors.Case> CASES = GoldenVectors.read("collapse");

  @Test
  void stableRank() {
    everywhere("stable", new StableRank());
  }

  @Test
  void participationRatio() {
    everywhere("participation", new ParticipationRatio());
  }

  @Test
  void entropyRank() {
    everywhere("entropy", new EntropyRank());
  }

  @Test
  void leadingEigenvalueAndGap() {
    onTape(
        tape -> {
          for (GoldenVectors.Case c : CASES) {
            for (DType dtype : DType.values()) {
              Tensor z = c.tensor(tape.scope(), dtype, "z");
              StableRankResult r = new StableRank().analyse(tape.constant(z));
              double bound = 256 * dtype.unitRoundoff() * c.number("largest");
              assertEquals(c.number("largest"), r.largest(), bound, c.name());
              assertEquals(c.number("gap"), r.gap(), bound, c.name());
              assertEquals(c.name().equals("tie"), r.tied(), c.name());
            }
          }
        });
  }

  private void everywhere(String name, RankMeasure measure) {
    onTape(
        tape -> {
          for (GoldenVectors.Case c : CASES) {
            for (DType dtype : DType.values()) {
              compare(tape, name, measure, c, dtype);
            }
          }
        });
  }

  private static void compare(
      Tape tape, String name, RankMeasure measure, GoldenVectors.Case c, DType dtype) {
    Tensor z = c.tensor(tape.scope(), dtype, "z");
    RankGradient r = measure.evaluate(tape.ops(), z);
    String where = c.name() + " " + name + " " + dtype + " " + tape.backend();
    double u = 256 * dtype.unitRoundoff();
    assertEquals(c.number(name), r.value(), u * c.number(name), where);
    if (!c.tensors().containsKey(name + "Gradient")) {
      return;
    }
    // an error e of S turns the leading direction by e / gap, its derivative by the square of that
    double condition = c.number("largest") / c.number("gap");
    close(where, c.values(name + "Gradient"), r.gradient(), u * condition);
    // the regularisation u of the entropy differs between types, and the curvature of
    // directions without variance is its logarithm
    if (!name.equals("entropy") || dtype == DType.FLOAT64) {
      Tensor direction = c.tensor(tape.scope(), dtype, "direction");
      Tensor product = measure.hessianVectorProduct(tape.ops(), z, direction);
      close(where, c.values(name + "Product"), product, u * condition * condition);
    }
  }

  /** Within {@code bound} of the largest element, or of 1 where all are smaller. */
  private static void close(String where, double[] expected, Tensor actual, double bound) {
    double[] got = actual.toDoubleArray();
    double largest = 1;
    for (double e : expected) {
      largest = Math.max(largest, Math.abs(e));
    }
    for (int i = 0; i < got.length; i++) {
      double error = Math.abs(expected[i] - got[i]);
      String what = where + " [" + i + "] " + got[i] + " for " + expected[i];
      assertTrue(error <= bound * largest, what);
    }
  }
}
