package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.GradientCheck;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Zero where nothing is to be taken away, monotone in severity, right in value and gradient. */
public abstract class CollapseLossContract extends OperatorContract {
  private static final RandomKey KEY = RandomKey.of(11);
  private static final Shape SHAPE = Shape.of(9, 4);

  private static CollapseLoss loss(double weight, double exponent, double anchor) {
    return new CollapseLoss(
        new StableRank(), new CollapseLossOptions(weight, exponent, anchor, 1e-3));
  }

  @Property
  void zeroAtOrBelowTheTargetAndMonotoneInSeverity(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double low,
      @ForAll @DoubleRange(min = 0, max = 1) double high,
      @ForAll @DoubleRange(min = 1, max = 4) double reference) {
    onTape(
        tape -> {
          for (DType dtype : DType.values()) {
            Variable z =
                tape.constant(tape.scope().of(dtype, SHAPE, Embeddings.separated(seed, 9, 4)));
            double r = new StableRank().of(z).tensor().item();
            double least = Math.min(low, high);
            double less = loss(2, 1, 0.5).of(z, least, reference, KEY).tensor().item();
            double more =
                loss(2, 1, 0.5).of(z, Math.max(low, high), reference, KEY).tensor().item();
            assertTrue(less <= more, less + " and " + more);
            double spectral = loss(2, 1, 0).of(z, least, reference, KEY).tensor().item();
            double excess = (r - 1 - (1 - least) * (reference - 1)) / Math.max(reference - 1, 1e-3);
            double expected = excess <= 0 ? 0 : 2 * excess * excess;
            // r and the target, each rounded, are subtracted and divided by the unit
            double size = (r + reference) / Math.max(reference - 1, 1e-3);
            double e = Math.max(0, excess) + 1e-3;
            assertEquals(
                expected, spectral, 64 * dtype.unitRoundoff() * size * (e + size * 0x1p-20));
          }
        });
  }

  @Test
  void exactlyZeroBelowTheTarget() {
    onTape(
        tape -> {
          Variable z =
              tape.leaf(tape.scope().of(DType.FLOAT64, SHAPE, Embeddings.separated(2, 9, 4)));
          Variable zero = loss(1, 0, 0).of(z, 0, 4, KEY);
          assertEquals(0, zero.tensor().item());
          double[] gradient = Gradients.of(zero, List.of(z)).getFirst().tensor().toDoubleArray();
          // a zero of either sign
          assertEquals(0, Arrays.stream(gradient).map(Math::abs).max().orElseThrow());
        });
  }

  @Test
  void theWeightIsTheExcessToItsPowerAndCarriesNoGradient() {
    onTape(
        tape -> {
          Tensor t = tape.scope().of(DType.FLOAT64, SHAPE, Embeddings.separated(2, 9, 4));
          Variable z = tape.leaf(t);
          RankGradient rank = new StableRank().evaluate(tape.ops(), t);
          double reference = 1.5;
          double e = (rank.value() - 1) / 0.5;
          Variable loss = loss(3, 2, 0).of(z, 1, reference, KEY);
          assertEquals(3 * e * e * e, loss.tensor().item(), 256 * 0x1p-53 * 3 * e * e * e);
          double[] g = Gradients.of(loss, List.of(z)).getFirst().tensor().toDoubleArray();
          double[] expected = HostVectors.scaled(3 * e * e / 0.5, rank.gradient().toDoubleArray());
          assertArrayEquals(expected, g, 256 * 0x1p-53 * HostVectors.norm(expected));
          new GradientCheck(tape.backend(), RandomKey.of(4))
              .check(
                  "collapse loss",
                  in -> loss(3, 0, 0).of(in.getFirst(), 1, reference, KEY),
                  List.of(t));
        });
  }

  @Test
  void theAnchorPullsTowardsNoiseAtTheEmbeddingsOwnScale() {
    double[] z = Embeddings.normal(7, 36);
    double[] mean = new double[4];
    for (int i = 0; i < 36; i++) {
      mean[i % 4] += z[i] / 9;
    }
    double square = 0;
    for (int i = 0; i < 36; i++) {
      square += Math.pow(z[i] - mean[i % 4], 2) / 36;
    }
    double s = Math.sqrt(square);
    onTape(
        tape -> {
          Variable v = tape.leaf(tape.scope().of(DType.FLOAT64, SHAPE, z));
          double[] draws = tape.ops().normal(KEY, DType.FLOAT64, SHAPE).toDoubleArray();
          double severity = 0.75;
          double eta = 0.4;
          Variable loss = loss(0, 0, eta).of(v, severity, 2, KEY);
          double[] g = Gradients.of(loss, List.of(v)).getFirst().tensor().toDoubleArray();
          double sum = 0;
          for (int i = 0; i < 36; i++) {
            double distance = (z[i] - mean[i % 4]) / s - draws[i];
            sum += severity * eta / (2 * 36) * distance * distance;
            assertEquals(severity * eta / 36 * distance / s, g[i], 1e-15);
          }
          assertEquals(sum, loss.tensor().item(), 1e-14 * sum);
        });
  }

  @Test
  void withoutVarianceThereIsNothingToTakeAway() {
    onTape(
        tape -> {
          Variable z = tape.constant(tape.ops().full(0.1, DType.FLOAT32, SHAPE));
          assertEquals(0, loss(1, 1, 1).of(z, 1, 3, KEY).tensor().item());
        });
  }

  @Test
  void theReferenceIsAnAverageThatCountsTheFirstBatchFully() {
    RankReference r = RankReference.empty(0.9);
    assertThrows(IllegalStateException.class, r::value);
    assertEquals(3, r.with(3).value(), 1e-15);
    // (0.9 * 0.1 * 3 + 0.1 * 5) / (1 - 0.81)
    assertEquals(0.77 / 0.19, r.with(3).with(5).value(), 1e-14);
    assertThrows(IllegalArgumentException.class, () -> r.with(0.5));
    assertThrows(IllegalArgumentException.class, () -> r.with(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> RankReference.empty(1));
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> loss(-1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> loss(1, Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> loss(1, 0, Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> new CollapseLossOptions(1, 1, 1, 0));
    onTape(
        tape -> {
          Variable z = tape.constant(tape.ops().full(1, DType.FLOAT64, SHAPE));
          CollapseLoss loss = loss(1, 1, 1);
          assertThrows(IllegalArgumentException.class, () -> loss.of(z, 1.5, 2, KEY));
          assertThrows(IllegalArgumentException.class, () -> loss.of(z, Double.NaN, 2, KEY));
          assertThrows(IllegalArgumentException.class, () -> loss.of(z, 0.5, 0.5, KEY));
        });
  }
}
