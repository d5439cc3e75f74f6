package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.hypergradient.DenseOperator;
import org.modalimmune.hypergradient.LanczosBound;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.masking.BudgetOptions.Scope;
import org.modalimmune.nn.GoldenVectors;
import org.modalimmune.nn.GoldenVectors.Case;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Against {@code spec/vectors/masking.json}. */
public abstract class GoldenMaskingContract extends OperatorContract {
  private static final List<Case> CASES = GoldenVectors.read("masking");
  private static final double U = 0x1p-53;
  private static final int[] SIZES = {3, 2, 1};

  static Stream<Case> fisher() {
    return named("fisher ");
  }

  static Stream<Case> average() {
    return named("average ");
  }

  static Stream<Case> scale() {
    return named("scale ");
  }

  static Stream<Case> freeze() {
    return named("freeze ");
  }

  static Stream<Case> steps() {
    return named("steps ");
  }

  static Stream<Case> step() {
    return named("step ");
  }

  private static Stream<Case> named(String prefix) {
    return CASES.stream().filter(c -> c.name().startsWith(prefix));
  }

  @Test
  void everyCaseIsRead() {
    long read =
        Stream.of("fisher ", "average ", "scale ", "freeze ", "steps ", "step ")
            .mapToLong(prefix -> named(prefix).count())
            .sum();
    assertEquals(CASES.size(), read);
    assertEquals(12, step().count());
  }

  @ParameterizedTest
  @MethodSource("fisher")
  void masks(Case c) {
    double[] expected = c.values("mask");
    double[] mask = FisherMask.of(c.values("fisher"), c.number("tau"));
    for (int i = 0; i < mask.length; i++) {
      // three roundings, and that of the expected value
      assertEquals(expected[i], mask[i], 4.01 * U * expected[i] + 0x1p-1022);
    }
  }

  @ParameterizedTest
  @MethodSource("average")
  void averages(Case c) {
    double[] all = c.values("batches");
    double decay = c.number("decay");
    int batches = c.size("batches");
    FisherAverage average = FisherAverage.first(Arrays.copyOf(all, 3), decay);
    for (int i = 1; i < batches; i++) {
      average = average.with(Arrays.copyOfRange(all, 3 * i, 3 * i + 3), decay);
    }
    double[] value = average.value();
    for (int i = 0; i < 3; i++) {
      // all terms are positive: four roundings a batch in each of average and weight
      assertEquals(c.values("value")[i], value[i], (8 * batches + 2) * U * c.values("value")[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("scale")
  void scales(Case c) {
    StepScale s =
        QuadraticModel.of(c.number("slope"), c.number("curvature")).within(c.number("budget"));
    double expected = c.number("scale");
    // 7 u of the root, 16 u taken off on purpose, and the rounding of the expected value
    assertEquals(expected, s.scale(), 25 * U * expected + Double.MIN_VALUE);
    assertTrue(s.scale() <= expected);
    assertEquals(expected == 1 ? ScaleReason.WITHIN_BUDGET : ScaleReason.AT_BUDGET, s.reason());
  }

  @ParameterizedTest
  @MethodSource("freeze")
  void smallestEigenvalues(Case c) {
    int n = c.size("n");
    double smallest = c.number("smallest");
    DenseOperator h = new DenseOperator(n, c.values("h"));
    for (double threshold : new double[] {0, 0.3, Math.max(0, -smallest) + 1e-9}) {
      FreezeOptions options = new FreezeOptions(threshold, 1e-3, 0.01, 1, RandomKey.of(5));
      CurvatureFinding f = CurvatureFinding.of(h, options, RandomKey.of(7), 3);
      assertEquals(n, f.products());
      assertEquals(0, f.failureProbability());
      assertEquals(smallest, f.smallestRitz(), f.rounding() + U * c.number("norm"));
      assertTrue(f.rounding() <= 1e-12 * c.number("norm") + 1e-300);
      assertTrue(f.lower() <= smallest);
      assertEquals(smallest < -threshold - 1e-10, f.freezes(), f::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("steps")
  void numbersOfSteps(Case c) {
    assertEquals(
        c.size("steps"),
        LanczosBound.steps(c.size("n"), c.number("probability"), c.number("resolution")));
  }

  @ParameterizedTest
  @MethodSource("step")
  void stepsOnArrays(Case c) {
    double[] h = c.values("h");
    List<GradientBlock> blocks = new ArrayList<>();
    List<LinearOperator> operators = new ArrayList<>();
    int at = 0;
    for (int b = 0; b < SIZES.length; b++) {
      int to = at + SIZES[b];
      blocks.add(
          GradientBlock.of(
              "block " + b,
              Arrays.copyOfRange(c.values("clean"), at, to),
              Arrays.copyOfRange(c.values("destructive"), at, to),
              Arrays.copyOfRange(c.values("diagonal"), at, to)));
      double[] own = new double[SIZES[b] * SIZES[b]];
      for (int i = 0; i < SIZES[b]; i++) {
        System.arraycopy(h, (at + i) * 6 + at, own, i * SIZES[b], SIZES[b]);
      }
      operators.add(new DenseOperator(SIZES[b], own));
      at = to;
    }
    MaskedStep step =
        new GradientMasking(options(c))
            .apply(
                blocks,
                BlockHessian.of(new DenseOperator(6, h), operators),
                MaskingState.initial(),
                c.number("rate"));
    double[] combined = step.gradients().stream().flatMapToDouble(Arrays::stream).toArray();
    compare(c, combined, step.reports(), U);
  }

  @ParameterizedTest
  @MethodSource("step")
  void stepsOnTensors(Case c) {
    onTape(
        tape -> {
          for (DType dtype : DType.values()) {
            RecordedQuadratic q =
                new RecordedQuadratic(
                    tape,
                    dtype,
                    SIZES,
                    c.values("clean"),
                    c.values("h"),
                    c.values("destructive"),
                    c.values("rows"));
            int owned = tape.scope().size();
            MaskedGradients step =
                new AutodiffMasking(options(c), 64 * dtype.unitRoundoff())
                    .apply(
                        CleanLoss.of(q.clean, q.rows),
                        q.destructive,
                        q.blocks,
                        MaskingState.initial(),
                        c.number("rate"));
            assertEquals(owned + 3, tape.scope().size(), "what is left are the results");
            double[] combined =
                step.gradients().stream()
                    .map(Tensor::toDoubleArray)
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            assertEquals(
                q.blocks.get(1).parameters().getFirst().shape(),
                step.blocks().get(1).getFirst().shape());
            compare(c, combined, step.reports(), dtype.unitRoundoff());
          }
        });
  }

  /**
   * The options that a case was made with; a budget, mask or freeze of its own is no part of it.
   */
  private static MaskingOptions options(Case c) {
    double p = 1e-3;
    return new MaskingOptions(
        c.number("fisher") == 1
            ? Optional.of(new FisherOptions(c.number("tau"), 0.5))
            : Optional.empty(),
        c.number("freeze") == 1
            ? Optional.of(new FreezeOptions(c.number("threshold"), p, 0.05, 1, RandomKey.of(1)))
            : Optional.empty(),
        switch (c.size("scope")) {
          case 0 -> Optional.empty();
          case 1 -> Optional.of(new BudgetOptions(c.number("budget"), Scope.JOINT));
          default -> Optional.of(new BudgetOptions(c.number("budget"), Scope.EACH_BLOCK));
        });
  }

  private static void compare(Case c, double[] combined, List<MaskReport> reports, double u) {
    double[] scales = c.values("scales");
    int at = 0;
    for (int b = 0; b < SIZES.length; b++) {
      MaskReport r = reports.get(b);
      double t = scales[b];
      assertEquals(b == 1 && c.number("freeze") == 1, r.frozen(), r::explanation);
      boolean binding = t > 0 && t < 1;
      boolean alone = c.size("scope") == 2;
      double error = binding ? scaleError(c, scales, alone ? b : -1, u) : 0;
      assertEquals(t, r.step().scale(), error, r::explanation);
      assertEquals(binding, r.step().reason() == ScaleReason.AT_BUDGET, r::explanation);
      assertFalse(r.step().increase() > c.number("budget"));
      for (int i = at; i < at + SIZES[b]; i++) {
        double d = Math.abs(c.values("destructive")[i]);
        double g = Math.abs(c.values("clean")[i]);
        // the mask's rounding, that of t, product and sum
        double bound = d * (error + 16 * u) + 4 * u * (g + d);
        assertEquals(c.values("combined")[i], combined[i], bound, c.name() + " " + i);
      }
      at += SIZES[b];
    }
  }

  /**
   * To first order t moves by (t da + t^2 db / 2) / (a + t b). Masks, gradients and products round
   * at most 32 times relative to the magnitudes of the terms that they are sums of.
   */
  private static double scaleError(Case c, double[] scales, int only, double u) {
    double slope = 0;
    double curvature = 0;
    double slopeTerms = 0;
    double curvatureTerms = 0;
    double[] s = new double[6];
    double t = 0;
    int at = 0;
    for (int b = 0; b < SIZES.length; b++) {
      for (int i = at; i < at + SIZES[b]; i++) {
        if (scales[b] > 0 && (only < 0 || only == b)) {
          double mask =
              c.number("fisher") == 1 ? 1 / (1 + c.values("diagonal")[i] / c.number("tau")) : 1;
          s[i] = -c.number("rate") * mask * c.values("destructive")[i];
          t = scales[b];
        }
      }
      at += SIZES[b];
    }
    for (int i = 0; i < 6; i++) {
      slope += c.values("clean")[i] * s[i];
      slopeTerms += Math.abs(c.values("clean")[i] * s[i]);
      for (int j = 0; j < 6; j++) {
        double term = s[i] * c.values("h")[6 * i + j] * s[j];
        curvature += term;
        curvatureTerms += Math.abs(term);
      }
    }
    double moved = 32 * u * (t * slopeTerms + t * t * curvatureTerms / 2);
    return 1.1 * moved / Math.abs(slope + t * curvature);
  }
}
