package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.PerSampleGradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.hypergradient.DenseOperator;
import org.modalimmune.hypergradient.NonFiniteInputException;
import org.modalimmune.masking.BudgetOptions.Scope;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** On recorded losses, against derivatives taken one by one and dense decompositions. */
public abstract class AutodiffMaskingContract extends OperatorContract {
  private static final MaskingOptions NONE = MaskingOptions.of(Set.of());
  private static final MaskingState START = MaskingState.initial();
  private static final double RATE = 0x1p-3;

  /** A classifier with one hidden layer; the destructive loss wants its hidden layer to vanish. */
  private static final class Classifier {
    final List<ParameterBlock> blocks;
    final Variable rows;
    final Variable clean;
    final Variable destructive;

    Classifier(Tape tape, DType dtype, long seed, int batch, int hidden) {
      RandomStream random = new RandomStream(RandomKey.of(seed));
      Variable w1 = leaf(tape, dtype, random, 3, hidden);
      Variable b1 = leaf(tape, dtype, random, hidden);
      Variable w2 = leaf(tape, dtype, random, hidden, 2);
      Variable b2 = leaf(tape, dtype, random, 2);
      blocks = List.of(ParameterBlock.of("encoder", w1, b1), ParameterBlock.of("head", w2, b2));
      Variable x = leaf(tape, dtype, random, batch, 3).detach();
      Variable target = leaf(tape, dtype, random, batch, 2).detach();
      Variable h = Elementwise.tanh(Matrix.linear(x, w1, b1));
      Variable scores = Normalization.logSoftmax(Matrix.linear(h, w2, b2));
      rows = Reduction.sum(Elementwise.multiply(scores, target), 1);
      clean = Reduction.mean(rows);
      destructive = Reduction.mean(Elementwise.square(h));
    }

    List<Variable> parameters() {
      return blocks.stream().flatMap(b -> b.parameters().stream()).toList();
    }

    private static Variable leaf(Tape tape, DType dtype, RandomStream random, long... dims) {
      Shape shape = Shape.of(dims);
      double[] values = new double[(int) shape.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (random.nextInt(33) - 16) / 16.0;
      }
      return tape.leaf(tape.scope().of(dtype, shape, values));
    }
  }

  private static double[] flat(List<Variable> variables) {
    return variables.stream()
        .flatMapToDouble(v -> java.util.Arrays.stream(v.tensor().toDoubleArray()))
        .toArray();
  }

  private static double[] flatTensors(List<Tensor> tensors) {
    return tensors.stream()
        .flatMapToDouble(t -> java.util.Arrays.stream(t.toDoubleArray()))
        .toArray();
  }

  /** The Hessian column by column, by {@link Gradients#hvp}, made exactly symmetric. */
  private static double[] hessian(Variable loss, List<Variable> parameters) {
    Tape tape = loss.tape();
    int n = flat(parameters).length;
    double[] h = new double[n * n];
    int column = 0;
    for (int k = 0; k < parameters.size(); k++) {
      for (int i = 0; i < parameters.get(k).shape().elements(); i++) {
        try (Tape.Frame _ = tape.frame()) {
          List<Variable> unit = new ArrayList<>();
          for (int l = 0; l < parameters.size(); l++) {
            Variable q = parameters.get(l);
            double[] e = new double[(int) q.shape().elements()];
            if (l == k) {
              e[i] = 1;
            }
            unit.add(tape.constant(tape.scope().of(q.dtype(), q.shape(), e)));
          }
          double[] product = flat(Gradients.hvp(loss, parameters, unit));
          for (int j = 0; j < n; j++) {
            h[j * n + column] += product[j] / 2;
            h[column * n + j] += product[j] / 2;
          }
        }
        column++;
      }
    }
    return h;
  }

  /** Smallest eigenvalue by the tape's backend. */
  private static double smallest(Tape tape, double[] h) {
    int n = (int) Math.round(Math.sqrt(h.length));
    Tensor matrix = tape.scope().of(DType.FLOAT64, Shape.of(n, n), h);
    return tape.ops().symmetricEigen(matrix).values().toDoubleArray()[n - 1];
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void theFreezeAgreesWithDenseEigenvalues(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int batch,
      @ForAll @IntRange(min = 1, max = 5) int hidden) {
    onTape(
        tape -> {
          for (DType dtype : DType.values()) {
            Classifier c = new Classifier(tape, dtype, seed, batch, hidden);
            double productError = 2048 * dtype.unitRoundoff();
            FreezeOptions freeze = new FreezeOptions(0.125, 1e-6, 0.01, 1, RandomKey.of(seed));
            MaskedGradients step =
                new AutodiffMasking(NONE.with(freeze), productError)
                    .apply(CleanLoss.of(c.clean), c.destructive, c.blocks, START, RATE);
            for (int b = 0; b < 2; b++) {
              double[] h = hessian(c.clean, c.blocks.get(b).parameters());
              double smallest = smallest(tape, h);
              CurvatureFinding f = step.reports().get(b).curvature().orElseThrow();
              // either way an element is a sum of terms of at most some 64, rounded some 32 times;
              // the terms may cancel, so that this is not relative to the Hessian
              int n = (int) Math.round(Math.sqrt(h.length));
              double room = f.rounding() + n * 4096 * dtype.unitRoundoff();
              assertEquals(smallest, f.smallestRitz(), room, () -> "seed " + seed + " " + f);
              if (Math.abs(smallest + 0.125) > 2 * room) {
                assertEquals(smallest < -0.125, f.freezes(), () -> "seed " + seed + " " + f);
              }
            }
          }
        });
  }

  /** Soft mask and budget against derivatives taken one by one. */
  @Property(shrinking = ShrinkingMode.OFF)
  void maskAndBudgetAgreeWithDerivativesTakenOneByOne(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int batch,
      @ForAll @IntRange(min = 1, max = 5) int hidden) {
    onTape(
        tape -> {
          Classifier c = new Classifier(tape, DType.FLOAT64, seed, batch, hidden);
          double[] g = flat(Gradients.of(c.clean, c.parameters()));
          double[] d = flat(Gradients.of(c.destructive, c.parameters()));
          double[] f = flat(PerSampleGradients.meanSquare(c.rows, c.parameters()));
          if (batch == 1) {
            double[] squares = g.clone();
            for (int i = 0; i < squares.length; i++) {
              squares[i] *= squares[i];
            }
            assertArrayEquals(squares, f, 1e-11);
          }
          int n = g.length;
          double[] direction = FisherMask.of(f, 0.25);
          for (int i = 0; i < n; i++) {
            direction[i] *= d[i];
          }
          double[] product = new double[n];
          DenseOperator h = new DenseOperator(n, hessian(c.clean, c.parameters()));
          h.apply(direction, product);
          double square = RATE * RATE * dot(direction, direction);
          double budget = Math.floorMod(seed, 4) * 1e-3;
          MaskingOptions options =
              NONE.with(new FisherOptions(0.25, 0)).with(new BudgetOptions(budget, Scope.JOINT));
          MaskedGradients step =
              new AutodiffMasking(options, 0)
                  .apply(CleanLoss.ofRows(c.rows), c.destructive, c.blocks, START, RATE);
          StepScale scale = step.reports().getFirst().step();
          // what derivatives may differ by that are sums of terms of at most some 64, whose
          // rounding is not relative to a sum that cancels
          double slack =
              1e-10 * (RATE * (1 + norm(g)) * norm(direction) + (1 + h.normBound()) * square);
          double a = -RATE * dot(g, direction);
          double curvature = RATE * RATE * dot(direction, product);
          double t = scale.scale();
          assertTrue(t * a + t * t * curvature / 2 <= budget + slack, () -> "seed " + seed);
          if (t < 1) {
            double beyond = Math.min(1, t * (1 + 1e-6) + 1e-9);
            assertTrue(
                beyond * a + beyond * beyond * curvature / 2 >= budget - slack,
                () -> "seed " + seed);
          }
          double[] combined = flatTensors(step.gradients());
          for (int i = 0; i < n; i++) {
            assertEquals(g[i] + t * direction[i], combined[i], 1e-11);
          }
        });
  }

  private static double norm(double[] x) {
    return Math.sqrt(dot(x, x));
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  @Test
  void aTrainingLoopRunsAtAFlatFootprintAndResumes() {
    onTape(
        tape -> {
          Classifier c = new Classifier(tape, DType.FLOAT32, 3, 5, 4);
          AutodiffMasking masking =
              new AutodiffMasking(
                  MaskingOptions.of(MaskingPart.parse("all"))
                      .with(new FreezeOptions(0.1, 1e-3, 0.1, 4, RandomKey.of(2)))
                      .with(new BudgetOptions(1e-3, Scope.EACH_BLOCK)),
                  1e-4);
          MaskingState state = START;
          int owned = 0;
          for (int i = 0; i < 10; i++) {
            if (i == 1) {
              // the first walk keeps derivatives for all others
              owned = tape.scope().size();
            }
            try (Tape.Frame _ = tape.frame()) {
              MaskedGradients step =
                  masking.apply(
                      CleanLoss.of(c.clean, c.rows), c.destructive, c.blocks, state, RATE);
              MaskedGradients again =
                  masking.apply(
                      CleanLoss.of(c.clean, c.rows),
                      c.destructive,
                      c.blocks,
                      MaskingState.ofArrays(state.toArrays()),
                      RATE);
              assertEquals(4, step.gradients().size());
              assertArrayEquals(flatTensors(step.gradients()), flatTensors(again.gradients()));
              assertEquals(step.reports(), again.reports());
              assertEquals(i - i % 4, step.reports().getFirst().curvature().orElseThrow().step());
              state = step.state();
            }
          }
          assertEquals(owned, tape.scope().size());
        });
  }

  @Test
  void lossesThatDoNotDependOnABlock() {
    onTape(
        tape -> {
          Variable used = tape.leaf(tape.scope().of(DType.FLOAT64, Shape.of(2), 1, 2));
          Variable unused = tape.leaf(tape.scope().of(DType.FLOAT64, Shape.of(3), 1, 2, 3));
          Variable empty = tape.leaf(tape.scope().of(DType.FLOAT64, Shape.of(0)));
          Variable linear = Reduction.sum(used);
          for (Scope scope : Scope.values()) {
            MaskingOptions options =
                NONE.with(FreezeOptions.defaults()).with(new BudgetOptions(0.25, scope));
            MaskedGradients step =
                new AutodiffMasking(options, 1e-12)
                    .apply(
                        CleanLoss.of(linear),
                        Elementwise.negate(linear),
                        List.of(
                            ParameterBlock.of("used", used),
                            ParameterBlock.of("unused", unused),
                            ParameterBlock.of("empty", empty)),
                        START,
                        0.25);
            // the destructive step of 1/4 up two slopes of 1 raises the loss by 1/2
            assertEquals(0.5, step.reports().getFirst().step().scale(), 1e-13);
            assertArrayEquals(
                new double[] {0.5, 0.5}, step.blocks().get(0).getFirst().toDoubleArray(), 1e-13);
            assertArrayEquals(new double[3], step.blocks().get(1).getFirst().toDoubleArray());
            assertEquals(0, step.blocks().get(2).getFirst().elements());
          }
        });
  }

  @Test
  void refusals() {
    onTape(
        tape -> {
          Classifier c = new Classifier(tape, DType.FLOAT32, 3, 5, 4);
          AutodiffMasking all = new AutodiffMasking(MaskingOptions.of(MaskingPart.parse("all")), 0);
          refused(
              "losses of the rows",
              () -> all.apply(CleanLoss.of(c.clean), c.destructive, c.blocks, START, RATE));
          CleanLoss clean = CleanLoss.ofRows(c.rows);
          refused("at least one", () -> all.apply(clean, c.destructive, List.of(), START, RATE));
          ParameterBlock twice = new ParameterBlock("twice", c.blocks.getFirst().parameters());
          refused(
              "listed twice",
              () ->
                  all.apply(
                      clean, c.destructive, List.of(c.blocks.getFirst(), twice), START, RATE));
          refused("leaf", () -> ParameterBlock.of("x", c.clean));
          refused("name", () -> new ParameterBlock("x", List.of()));
          try (Tape other = new Tape(tape.backend())) {
            Variable foreign = other.leaf(other.scope().zeros(DType.FLOAT32, Shape.of(2)));
            Variable loss = Reduction.sum(foreign);
            refused("one tape", () -> all.apply(clean, loss, c.blocks, START, RATE));
            refused(
                "one tape",
                () ->
                    all.apply(
                        clean,
                        c.destructive,
                        List.of(ParameterBlock.of("foreign", foreign)),
                        START,
                        RATE));
          }
          Variable infinite = Elementwise.scale(c.destructive, Double.POSITIVE_INFINITY);
          NonFiniteInputException e =
              assertThrows(
                  NonFiniteInputException.class,
                  () -> all.apply(clean, infinite, c.blocks, START, RATE));
          assertTrue(e.getMessage().contains("block encoder: destructive"), e.getMessage());
          Variable x = tape.leaf(tape.scope().zeros(DType.FLOAT32, Shape.of(1)));
          Variable huge = Elementwise.scale(Reduction.sum(x), 3e38);
          int owned = tape.scope().size();
          assertThrows(
              ArithmeticException.class,
              () ->
                  new AutodiffMasking(NONE, 0)
                      .apply(
                          CleanLoss.of(huge), huge, List.of(ParameterBlock.of("x", x)), START, 1));
          assertEquals(owned, tape.scope().size());
        });
    assertThrows(IllegalArgumentException.class, () -> new AutodiffMasking(NONE, 1));
    assertThrows(IllegalArgumentException.class, () -> new AutodiffMasking(NONE, Double.NaN));
  }

  private static void refused(String about, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(about), e.getMessage());
  }
}
