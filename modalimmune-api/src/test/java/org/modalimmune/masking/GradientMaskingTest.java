package org.modalimmune.masking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.modalimmune.hypergradient.DenseOperator;
import org.modalimmune.hypergradient.NonFiniteInputException;
import org.modalimmune.random.RandomKey;

class GradientMaskingTest {
  private static final MaskingOptions NONE = MaskingOptions.of(Set.of());
  private static final MaskingState START = MaskingState.initial();

  /** A step of 1/16, so that products of step and Hessian stay exact. */
  private static final double STEP = 0x1p-4;

  /** Rounding bounds of a and b, sums of products of at most 200 in all, and of the root itself. */
  private static final double MODEL_ERROR = 24 * 0x1p-53 * 200;

  private static final double ROOT_ERROR = 4 * 0x1p-53;

  private static BudgetOptions budget(double amount, BudgetOptions.Scope scope) {
    return new BudgetOptions(amount, scope);
  }

  private static FreezeOptions freeze(double threshold, int interval) {
    return new FreezeOptions(threshold, 1e-3, 0.05, interval, RandomKey.of(9));
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void withoutPartsTheGradientsAreAdded(@ForAll long seed) {
    MaskingProblem p = MaskingProblem.draw(seed);
    MaskedStep step = new GradientMasking(NONE).apply(p.blocks, p, START, STEP);
    for (int b = 0; b < p.blocks.size(); b++) {
      GradientBlock block = p.blocks.get(b);
      double[] sum = block.clean().clone();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += block.destructive()[i];
      }
      assertArrayEquals(sum, step.gradients().get(b));
      MaskReport report = step.reports().get(b);
      assertEquals(1, report.meanMask());
      assertTrue(report.fisher().isEmpty() && report.curvature().isEmpty() && !report.frozen());
    }
    assertEquals(0, p.products);
    assertEquals(1, step.state().step());
  }

  /** All is exact here but the scale: the budget holds without any allowance. */
  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void theStepOfAllBlocksKeepsToTheBudget(@ForAll long seed) {
    MaskingProblem p = MaskingProblem.draw(seed);
    double amount = Math.floorMod(seed, 5) * 0.125;
    MaskedStep step =
        new GradientMasking(NONE.with(budget(amount, BudgetOptions.Scope.JOINT)))
            .apply(p.blocks, p, START, STEP);
    boolean moves = java.util.Arrays.stream(p.destructive()).anyMatch(v -> v != 0);
    assertEquals(moves ? 1 : 0, p.products);
    double[] d = p.destructive();
    ExactModel exact =
        p.size == 0 ? ExactModel.of(0, 0) : ExactModel.alongDescent(p.clean(), d, p.times(d), STEP);
    for (int b = 0; b < p.blocks.size(); b++) {
      MaskReport r = step.reports().get(b);
      if (r.step().reason() == ScaleReason.NOTHING_TO_SCALE) {
        continue;
      }
      assertTrue(exact.keepsTo(amount, r.step().scale()), r::explanation);
      double beyond = beyond(exact, amount, r.step().scale());
      assertTrue(
          amount == 0 || beyond >= 1 || !exact.keepsTo(amount, beyond + 1e-30), r::explanation);
      assertCombined(p.blocks.get(b), 1, r.step().scale(), step.gradients().get(b));
    }
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void eachBlockKeepsToABudgetOfItsOwn(@ForAll long seed) {
    MaskingProblem p = MaskingProblem.draw(seed);
    double amount = Math.floorMod(seed, 5) * 0.125;
    MaskedStep step =
        new GradientMasking(NONE.with(budget(amount, BudgetOptions.Scope.EACH_BLOCK)))
            .apply(p.blocks, p, START, STEP);
    for (int b = 0; b < p.blocks.size(); b++) {
      GradientBlock block = p.blocks.get(b);
      MaskReport r = step.reports().get(b);
      if (block.size() > 0) {
        double[] product = new double[block.size()];
        new DenseOperator(block.size(), p.blockHessian(b)).apply(block.destructive(), product);
        ExactModel exact =
            ExactModel.alongDescent(block.clean(), block.destructive(), product, STEP);
        assertTrue(exact.keepsTo(amount, r.step().scale()), r::explanation);
        double beyond = beyond(exact, amount, r.step().scale());
        assertTrue(
            amount == 0 || beyond >= 1 || !exact.keepsTo(amount, beyond + 1e-30), r::explanation);
      }
      assertCombined(block, 1, r.step().scale(), step.gradients().get(b));
    }
  }

  private static double beyond(ExactModel exact, double amount, double scale) {
    return scale * (1 + ROOT_ERROR) + exact.room(amount, scale, MODEL_ERROR);
  }

  private static void assertCombined(
      GradientBlock block, double mask, double scale, double[] actual) {
    double[] expected = new double[block.size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = block.clean()[i] + scale * (mask * block.destructive()[i]);
    }
    assertArrayEquals(expected, actual);
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void equalOperandsGiveEqualResultsAndASavedStateGoesOnAlike(@ForAll long seed) {
    MaskingProblem p = MaskingProblem.draw(seed);
    GradientMasking masking =
        new GradientMasking(MaskingOptions.of(MaskingPart.parse("all")).with(freeze(1, 3)));
    MaskingState state = START;
    for (int i = 0; i < 5; i++) {
      MaskedStep step = masking.apply(p.blocks, p, state, STEP);
      MaskedStep again = masking.apply(p.blocks, p, MaskingState.ofArrays(state.toArrays()), STEP);
      assertEquals(step.reports(), again.reports());
      for (int b = 0; b < p.blocks.size(); b++) {
        assertArrayEquals(step.gradients().get(b), again.gradients().get(b));
      }
      assertSame(step.state(), again.state());
      state = step.state();
    }
    assertEquals(5, state.step());
  }

  private static void assertSame(MaskingState a, MaskingState b) {
    assertEquals(a.toArrays().keySet(), b.toArrays().keySet());
    a.toArrays().forEach((key, values) -> assertArrayEquals(values, b.toArrays().get(key), key));
  }

  @Test
  void aFrozenBlockGetsTheCleanGradientAloneUntilTheNextTest() {
    double[] g = {1, 2};
    double[] d = {3, -1};
    List<GradientBlock> blocks =
        List.of(GradientBlock.of("saddle", g, d), GradientBlock.of("bowl", g, d));
    DenseOperator saddle = new DenseOperator(2, new double[] {1, 2, 2, 1});
    DenseOperator bowl = new DenseOperator(2, new double[] {2, 1, 1, 2});
    BlockHessian first = BlockHessian.of(bowl, List.of(saddle, bowl));
    BlockHessian swapped = BlockHessian.of(bowl, List.of(bowl, saddle));
    GradientMasking masking = new GradientMasking(NONE.with(freeze(0.5, 2)));
    MaskedStep step = masking.apply(blocks, first, START, STEP);
    assertFrozen(step, true, false);
    // not tested again yet
    step = masking.apply(blocks, swapped, step.state(), STEP);
    assertFrozen(step, true, false);
    step = masking.apply(blocks, swapped, step.state(), STEP);
    assertFrozen(step, false, true);
    assertEquals(2, step.reports().getFirst().curvature().orElseThrow().step());
  }

  /** Draws are named by block and step: by neither the order of blocks nor what else there is. */
  @Test
  void everyTestHasDrawsOfItsOwn() {
    int n = 60;
    double[] h = new double[n * n];
    for (int i = 0; i < n; i++) {
      h[i * n + i] = Math.cos(i);
    }
    DenseOperator diagonal = new DenseOperator(n, h);
    BlockHessian hessian = BlockHessian.of(diagonal, List.of(diagonal, diagonal));
    GradientBlock a = GradientBlock.of("a", new double[n], new double[n]);
    GradientBlock b = GradientBlock.of("b", new double[n], new double[n]);
    GradientMasking masking =
        new GradientMasking(NONE.with(new FreezeOptions(2, 0.5, 0.4, 1, RandomKey.of(9))));
    MaskedStep first = masking.apply(List.of(a, b), hessian, START, STEP);
    MaskedStep second = masking.apply(List.of(a, b), hessian, first.state(), STEP);
    MaskedStep swapped = masking.apply(List.of(b, a), hessian, START, STEP);
    MaskedStep alone = masking.apply(List.of(b), hessian, START, STEP);
    assertNotEquals(ritz(first, 0), ritz(first, 1));
    assertNotEquals(ritz(first, 0), ritz(second, 0));
    assertEquals(ritz(first, 0), ritz(swapped, 1));
    assertEquals(ritz(first, 1), ritz(swapped, 0));
    assertEquals(ritz(first, 1), ritz(alone, 0));
  }

  private static double ritz(MaskedStep step, int block) {
    return step.reports().get(block).curvature().orElseThrow().smallestRitz();
  }

  private static void assertFrozen(MaskedStep step, boolean... frozen) {
    for (int b = 0; b < frozen.length; b++) {
      MaskReport r = step.reports().get(b);
      assertEquals(frozen[b], r.frozen(), r::explanation);
      assertArrayEquals(
          frozen[b] ? new double[] {1, 2} : new double[] {4, 1}, step.gradients().get(b));
      assertEquals(frozen[b] ? ScaleReason.FROZEN : ScaleReason.NO_BUDGET, r.step().reason());
      assertEquals(frozen[b] ? 0 : 1, r.step().scale());
      assertTrue(r.explanation().contains(frozen[b] ? "proved at step" : "wrong with probability"));
    }
  }

  @Test
  void aFrozenBlockTakesNoPartInTheBudget() {
    double[] g = {-100};
    double[] d = {1};
    List<GradientBlock> blocks =
        List.of(GradientBlock.of("frozen", g, d), GradientBlock.of("free", new double[] {-2}, d));
    DenseOperator joint = new DenseOperator(2, new double[] {-1, 0, 0, 0});
    BlockHessian hessian =
        BlockHessian.of(
            joint,
            List.of(
                new DenseOperator(1, new double[] {-1}), new DenseOperator(1, new double[] {0})));
    MaskedStep step =
        new GradientMasking(NONE.with(freeze(0.5, 1)).with(budget(1, BudgetOptions.Scope.JOINT)))
            .apply(blocks, hessian, START, 1);
    // q(t) = 2 t for the free block: the other would have raised it to 102 t
    assertEquals(0.5, step.reports().get(1).step().scale(), 1e-14);
    assertArrayEquals(g, step.gradients().get(0));
  }

  @Test
  void theMaskIsThatOfTheAverageFisherInformation() {
    MaskingProblem p = MaskingProblem.of(4, 3);
    GradientMasking masking = new GradientMasking(NONE.with(new FisherOptions(0.5, 0.75)));
    MaskedStep first = masking.apply(p.blocks, p, START, STEP);
    GradientBlock b = p.blocks.getFirst();
    GradientBlock other =
        GradientBlock.of(b.name(), b.clean(), b.destructive(), new double[] {1, 0, 64});
    MaskedStep second = masking.apply(List.of(other), p, first.state(), STEP);
    double[] f = b.fisher().orElseThrow();
    double[] expected = new double[3];
    double mean = 0;
    for (int i = 0; i < 3; i++) {
      double average = (0.75 * 0.25 * f[i] + 0.25 * new double[] {1, 0, 64}[i]) / 0.4375;
      double mask = 1 / (1 + average / 0.5);
      mean += mask / 3;
      expected[i] = b.clean()[i] + mask * b.destructive()[i];
    }
    assertArrayEquals(expected, second.gradients().getFirst(), 1e-14);
    assertEquals(mean, second.reports().getFirst().meanMask(), 1e-15);
    assertTrue(second.reports().getFirst().fisher().orElseThrow().largest() > 36);
  }

  @Test
  void emptyBlocksAndZeroGradients() {
    double[] none = new double[0];
    List<GradientBlock> blocks =
        List.of(
            GradientBlock.of("empty", none, none, none),
            GradientBlock.of("still", new double[] {5}, new double[1], new double[] {2}));
    DenseOperator h = new DenseOperator(1, new double[] {1});
    for (BudgetOptions.Scope scope : BudgetOptions.Scope.values()) {
      MaskedStep step =
          new GradientMasking(MaskingOptions.of(MaskingPart.parse("all")).with(budget(0, scope)))
              .apply(blocks, BlockHessian.of(h, List.of(h, h)), START, STEP);
      assertEquals(0, step.gradients().get(0).length);
      assertArrayEquals(new double[] {5}, step.gradients().get(1));
      for (MaskReport r : step.reports()) {
        assertEquals(ScaleReason.NOTHING_TO_SCALE, r.step().reason());
      }
      assertEquals(1, step.reports().getFirst().meanMask());
      assertTrue(step.reports().getFirst().curvature().isEmpty());
    }
  }

  @Test
  void refusalsNameTheBlock() {
    double[] one = {1};
    DenseOperator h = new DenseOperator(1, one);
    BlockHessian hessian = BlockHessian.of(h, List.of(h));
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] v = {bad};
      for (Runnable call :
          List.<Runnable>of(
              () -> GradientBlock.of("head", v, one),
              () -> GradientBlock.of("head", one, v),
              () -> GradientBlock.of("head", one, one, v))) {
        NonFiniteInputException e = assertThrows(NonFiniteInputException.class, call::run);
        assertTrue(e.getMessage().contains("block head: "), e.getMessage());
      }
    }
    refused("negative", () -> GradientBlock.of("head", one, one, new double[] {-1}));
    refused("sizes differ", () -> GradientBlock.of("head", one, new double[2]));
    refused("name", () -> GradientBlock.of(" ", one, one));
    GradientBlock block = GradientBlock.of("head", one, one);
    GradientMasking none = new GradientMasking(NONE);
    refused("at least one", () -> none.apply(List.of(), hessian, START, 1));
    refused("two blocks", () -> none.apply(List.of(block, block), hessian, START, 1));
    for (double step : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused("step size", () -> none.apply(List.of(block), hessian, START, step));
    }
    GradientMasking fisher = new GradientMasking(NONE.with(FisherOptions.defaults()));
    refused("block head has no Fisher", () -> fisher.apply(List.of(block), hessian, START, 1));
    MaskingState other =
        fisher
            .apply(
                List.of(GradientBlock.of("head", new double[2], new double[2], new double[2])),
                hessian,
                START,
                1)
            .state();
    refused(
        "another model",
        () -> fisher.apply(List.of(GradientBlock.of("head", one, one, one)), hessian, other, 1));
    BlockHessian wrong =
        BlockHessian.of(
            new DenseOperator(2, new double[4]), List.of(new DenseOperator(2, new double[4])));
    for (MaskingPart part : List.of(MaskingPart.FREEZE, MaskingPart.BUDGET)) {
      refused(
          "dimension",
          () ->
              new GradientMasking(MaskingOptions.of(Set.of(part)))
                  .apply(List.of(block), wrong, START, 1));
    }
    assertThrows(
        ArithmeticException.class,
        () ->
            none.apply(
                List.of(GradientBlock.of("head", new double[] {1.7e308}, new double[] {1.7e308})),
                hessian,
                START,
                1));
    for (double b : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused("budget", () -> budget(b, BudgetOptions.Scope.JOINT));
    }
  }

  @Test
  void aProductThatIsNotFiniteNamesItsBlock() {
    double[] one = {1};
    List<GradientBlock> blocks = new ArrayList<>();
    blocks.add(GradientBlock.of("encoder", one, one));
    blocks.add(GradientBlock.of("head", one, one));
    DenseOperator good = new DenseOperator(1, one);
    BlockHessian broken = BlockHessian.of(new Broken(2), List.of(good, new Broken(1)));
    for (MaskingPart part : List.of(MaskingPart.FREEZE, MaskingPart.BUDGET)) {
      NonFiniteInputException e =
          assertThrows(
              NonFiniteInputException.class,
              () ->
                  new GradientMasking(MaskingOptions.of(Set.of(part)))
                      .apply(blocks, broken, START, 1));
      assertTrue(e.getMessage().contains("block head: "), e.getMessage());
    }
  }

  /** Its last component is NaN. */
  private record Broken(int dimension) implements org.modalimmune.hypergradient.LinearOperator {
    @Override
    public void apply(double[] x, double[] y) {
      y[y.length - 1] = Double.NaN;
    }
  }

  private static void refused(String about, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(about), e.getMessage());
  }
}
