package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** The rank that a severity stands for, and what is left of the row. */
public abstract class SpectralShrinkContract extends OperatorContract {
  private static final RandomKey KEY = RandomKey.of(21);

  @Test
  void theCovarianceIsTheStatedOne() {
    int rows = cases(10_000);
    Shape shape = Shape.of(rows, 4);
    onTape(
        tape -> {
          for (DType dtype : DType.values()) {
            Variable z =
                tape.constant(tape.scope().of(dtype, shape, Embeddings.separated(1, rows, 4)));
            StableRankResult before = new StableRank().analyse(z);
            for (double severity : new double[] {0.25, 0.5, 0.9}) {
              Variable collapsed = new SpectralShrink().apply(z, severity, KEY);
              StableRankResult after = new StableRank().analyse(collapsed);
              double target = 1 + (1 - severity) * (before.value() - 1);
              // l1' is a mean over rows of squares of independent scores: five standard errors,
              // sqrt(2 / rows) each
              double error = 5 * Math.sqrt(2.0 / rows);
              assertEquals(before.largest(), after.largest(), error * before.largest());
              assertEquals(target, after.value(), error * target);
            }
          }
        });
  }

  @Test
  void severityZeroIsTheEmbeddingAndOneHoldsNothingOfTheRow() {
    Shape shape = Shape.of(50, 3);
    double[] values = Embeddings.separated(3, 50, 3);
    double[] reversed = new double[150];
    for (int i = 0; i < 150; i++) {
      reversed[i] = values[(49 - i / 3) * 3 + i % 3];
    }
    onTape(
        tape -> {
          Variable z = tape.leaf(tape.scope().of(DType.FLOAT64, shape, values));
          SpectralShrink shrink = new SpectralShrink();
          assertArrayEquals(values, shrink.apply(z, 0, KEY).tensor().toDoubleArray());
          Variable gone = shrink.apply(z, 1, KEY);
          assertEquals(1, new StableRank().of(gone).tensor().item(), 64 * 0x1p-53);
          // rows in another order give the same result: it depends on the batch alone
          Variable other = tape.constant(tape.scope().of(DType.FLOAT64, shape, reversed));
          assertArrayEquals(
              gone.tensor().toDoubleArray(),
              shrink.apply(other, 1, KEY).tensor().toDoubleArray(),
              1e-12);
          assertArrayEquals(
              new double[150],
              Gradients.of(Reduction.sum(gone), List.of(z)).getFirst().tensor().toDoubleArray());
          Variable half = shrink.apply(z, 0.75, KEY);
          double[] g =
              Gradients.of(Reduction.sum(half), List.of(z)).getFirst().tensor().toDoubleArray();
          for (double x : g) {
            assertEquals(0.5, x, 1e-15);
          }
        });
  }

  @Test
  void aConstantEmbeddingStaysAsItIs() {
    onTape(
        tape -> {
          Variable z = tape.constant(tape.ops().full(0.25, DType.FLOAT32, Shape.of(4, 2)));
          double[] r = new SpectralShrink().apply(z, 1, KEY).tensor().toDoubleArray();
          assertArrayEquals(z.tensor().toDoubleArray(), r);
        });
  }

  @Test
  void badInputIsRefused() {
    onTape(
        tape -> {
          Variable z = tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(2, 1), 1, Double.NaN));
          SpectralShrink shrink = new SpectralShrink();
          assertThrows(IllegalArgumentException.class, () -> shrink.apply(z, -0.1, KEY));
          assertThrows(IllegalArgumentException.class, () -> shrink.apply(z, Double.NaN, KEY));
          String message =
              assertThrows(IllegalArgumentException.class, () -> shrink.apply(z, 0.5, KEY))
                  .getMessage();
          assertTrue(message.contains("NaN or infinity"), message);
        });
  }
}
