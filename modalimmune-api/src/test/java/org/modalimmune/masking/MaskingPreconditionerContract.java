package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.masking.BudgetOptions.Scope;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;

/** Masking in an optimiser's coordinates against losses recorded in those coordinates. */
public abstract class MaskingPreconditionerContract extends OperatorContract {
  private static final int[] SIZES = {3, 2};
  private static final int N = 5;
  private static final int ROWS = 4;
  private static final double RATE = 0x1p-3;

  /** Small integers, so that sums are exact. */
  private static double[] integers(RandomStream random, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(9) - 4;
    }
    return values;
  }

  private static double[] symmetric(RandomStream random) {
    double[] h = integers(random, N * N);
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < i; j++) {
        h[i * N + j] = h[j * N + i];
      }
    }
    return h;
  }

  @Property
  void equalsMaskingInTheOptimisersCoordinates(
      @ForAll long seed, @ForAll MaskingPart part, @ForAll Scope scope) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    double[] g = integers(random, N);
    double[] h = symmetric(random);
    double[] d = integers(random, N);
    double[] r = integers(random, ROWS * N);
    // powers of 4 have exact roots, so that a change of coordinates rounds nothing
    double[] diagonal = new double[N];
    double[] root = new double[N];
    for (int i = 0; i < N; i++) {
      root[i] = Math.scalb(1.0, random.nextInt(7) - 3);
      diagonal[i] = root[i] * root[i];
    }
    MaskingOptions options =
        MaskingOptions.of(Set.of(part))
            .with(new BudgetOptions(Math.floorMod(seed, 4) * 0.125, scope));
    onTape(
        tape -> {
          AutodiffMasking masking = new AutodiffMasking(options, 1e-12);
          RecordedQuadratic plain = new RecordedQuadratic(tape, DType.FLOAT64, SIZES, g, h, d, r);
          List<double[]> blocks =
              List.of(
                  new double[] {diagonal[0], diagonal[1], diagonal[2]},
                  new double[] {diagonal[3], diagonal[4]});
          MaskedGradients found =
              masking.apply(
                  CleanLoss.of(plain.clean, plain.rows),
                  plain.destructive,
                  plain.blocks,
                  new Preconditioner(blocks),
                  MaskingState.initial(),
                  RATE);
          RecordedQuadratic changed =
              new RecordedQuadratic(
                  tape,
                  DType.FLOAT64,
                  SIZES,
                  columns(g, root),
                  rowsAndColumns(h, root),
                  columns(d, root),
                  columns(r, root));
          MaskedGradients expected =
              masking.apply(
                  CleanLoss.of(changed.clean, changed.rows),
                  changed.destructive,
                  changed.blocks,
                  MaskingState.initial(),
                  RATE);
          assertEquals(expected.reports(), found.reports(), () -> "seed " + seed);
          assertEquals(expected.state().toArrays().keySet(), found.state().toArrays().keySet());
          double[] back = flat(expected);
          for (int i = 0; i < N; i++) {
            back[i] *= root[i];
          }
          assertArrayEquals(back, flat(found), () -> "seed " + seed);
        });
  }

  private static double[] flat(MaskedGradients gradients) {
    return gradients.gradients().stream()
        .flatMapToDouble(t -> Arrays.stream(t.toDoubleArray()))
        .toArray();
  }

  /** Every row of N columns over the roots. */
  private static double[] columns(double[] values, double[] root) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = values[i] / root[i % N];
    }
    return scaled;
  }

  private static double[] rowsAndColumns(double[] h, double[] root) {
    double[] scaled = columns(h, root);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= root[i / N];
    }
    return scaled;
  }

  @Test
  void refusals() {
    onTape(
        tape -> {
          double[] ones = {1, 1, 1, 1, 1};
          RecordedQuadratic q =
              new RecordedQuadratic(
                  tape, DType.FLOAT64, SIZES, ones, new double[N * N], ones, new double[N]);
          refused("positive", () -> new Preconditioner(List.of(new double[] {0})));
          refused("positive", () -> new Preconditioner(List.of(new double[] {Double.NaN})));
          refused("2 blocks, got 1", () -> masked(q, List.of(new double[3])));
          refused(
              "its diagonal 1", () -> masked(q, List.of(new double[] {1, 1, 1}, new double[] {1})));
          assertThrows(
              ArithmeticException.class,
              () ->
                  new Preconditioner(List.of(new double[] {1e300}))
                      .fromCoordinates(List.of(new double[] {1e200})));
        });
  }

  private static void masked(RecordedQuadratic q, List<double[]> diagonals) {
    List<double[]> positive = diagonals.stream().map(double[]::clone).toList();
    positive.forEach(d -> Arrays.setAll(d, i -> d[i] == 0 ? 1 : d[i]));
    new AutodiffMasking(MaskingOptions.of(Set.of()), 0)
        .apply(
            CleanLoss.of(q.clean),
            q.destructive,
            q.blocks,
            new Preconditioner(positive),
            MaskingState.initial(),
            RATE);
  }

  private static void refused(String part, Runnable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> action.run());
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }
}
