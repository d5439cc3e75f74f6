package org.modalimmune.masking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.hypergradient.NonFiniteInputException;

/**
 * Curvature-aware gradient masking on plain arrays. For the clean gradient g and the destructive
 * gradient d of every block, the result is
 *
 * <pre>
 * g + t m .* d        m = 1 / (1 + F / tau), or 0 where the block is frozen
 * </pre>
 *
 * with t the largest in [0, 1] for which a descent step of that destructive part keeps to the
 * budget: t g's + t^2 s'Hs / 2 <= budget, s = -stepSize m .* d. After ModalImmune, arXiv
 * 2602.16197; {@code spec/masking.md} says where it differs. Without state of its own: equal
 * operands give equal results.
 *
 * @param options the parts and their settings
 */
public record GradientMasking(MaskingOptions options) {

  /**
   * One step. Nothing is changed if it is refused.
   *
   * @param blocks at least one, names all different, sizes as in the steps before
   * @param hessian Hessian of the clean loss; asked only by a freeze or a budget
   * @param state that of the step before, or {@link MaskingState#initial}
   * @param stepSize what the optimiser multiplies the gradient by, the learning rate; positive;
   *     used by the budget alone
   * @throws IllegalArgumentException if an operand is outside its range, or a block lacks a Fisher
   *     diagonal that the options need
   * @throws NonFiniteInputException if a value, or a product with the Hessian, is not finite
   * @throws ArithmeticException if a result exceeds the range of float64
   */
  public MaskedStep apply(
      List<GradientBlock> blocks, BlockHessian hessian, MaskingState state, double stepSize) {
    requireOperands(blocks, state, stepSize);
    List<BlockProgress> progress = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      progress.add(mask(blocks.get(i), i, hessian, state));
    }
    List<StepScale> scales = scales(blocks, progress, hessian, stepSize);
    List<double[]> gradients = new ArrayList<>();
    List<MaskReport> reports = new ArrayList<>();
    Map<String, BlockState> next = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      GradientBlock block = blocks.get(i);
      BlockProgress p = progress.get(i);
      StepScale scale = p.scaleOrReason(scales.get(i));
      gradients.add(combined(block, scale.scale(), p.direction()));
      reports.add(p.report(block, scale));
      next.put(block.name(), new BlockState(p.average(), p.curvature()));
    }
    return new MaskedStep(gradients, reports, new MaskingState(state.step() + 1, next));
  }

  private void requireOperands(List<GradientBlock> blocks, MaskingState state, double stepSize) {
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("masking: needs at least one block");
    }
    if (!(stepSize > 0 && stepSize < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "masking: the step size must be positive and finite, got " + stepSize);
    }
    Set<String> names = new HashSet<>();
    for (GradientBlock block : blocks) {
      if (!names.add(block.name())) {
        throw new IllegalArgumentException("masking: two blocks are named " + block.name());
      }
      if (options.fisher().isPresent() && block.fisher().isEmpty()) {
        throw new IllegalArgumentException(
            "masking: block "
                + block.name()
                + " has no Fisher diagonal, which the soft mask needs; give one, or leave that part"
                + " out");
      }
      state
          .block(block.name())
          .fisher()
          .ifPresent(
              f -> {
                if (f.size() != block.size()) {
                  throw new IllegalArgumentException(
                      "masking: block "
                          + block.name()
                          + " has "
                          + block.size()
                          + " parameters, its state "
                          + f.size()
                          + "; is the state that of another model?");
                }
              });
    }
  }

  private BlockProgress mask(
      GradientBlock block, int index, BlockHessian hessian, MaskingState state) {
    double[] direction = block.destructive();
    double meanMask = 1;
    Optional<FisherAverage> average = Optional.empty();
    Optional<FisherSummary> summary = Optional.empty();
    if (options.fisher().isPresent()) {
      FisherOptions fisher = options.fisher().get();
      double[] batch = block.fisher().orElseThrow();
      FisherAverage next =
          state
              .block(block.name())
              .fisher()
              .map(f -> f.with(batch, fisher.decay()))
              .orElseGet(() -> FisherAverage.first(batch, fisher.decay()));
      double[] value = next.value();
      double[] mask = FisherMask.of(value, fisher.tau());
      average = Optional.of(next);
      summary = Optional.of(FisherSummary.of(value));
      meanMask = mask.length == 0 ? 1 : Math.min(1, Arrays.stream(mask).sum() / mask.length);
      direction = product(mask, direction);
    }
    Optional<CurvatureFinding> curvature = curvature(block, index, hessian, state);
    boolean frozen = curvature.map(CurvatureFinding::freezes).orElse(false);
    return new BlockProgress(
        frozen ? new double[block.size()] : direction,
        meanMask,
        average,
        summary,
        curvature,
        frozen);
  }

  private Optional<CurvatureFinding> curvature(
      GradientBlock block, int index, BlockHessian hessian, MaskingState state) {
    if (options.freeze().isEmpty() || block.size() == 0) {
      return Optional.empty();
    }
    FreezeOptions freeze = options.freeze().get();
    Optional<CurvatureFinding> known = state.block(block.name()).curvature();
    if (known.isPresent() && state.step() - known.get().step() < freeze.interval()) {
      return known;
    }
    return Optional.of(
        hessian.onBlock(
            index,
            h -> {
              requireDimension("block " + block.name(), h, block.size());
              try {
                return CurvatureFinding.of(
                    h, freeze, freeze.key().fold(block.name()).fold(state.step()), state.step());
              } catch (NonFiniteInputException e) {
                throw new NonFiniteInputException(
                    "masking: block " + block.name() + ": " + e.input(), e.index(), e.value());
              }
            }));
  }

  private List<StepScale> scales(
      List<GradientBlock> blocks,
      List<BlockProgress> progress,
      BlockHessian hessian,
      double stepSize) {
    List<StepScale> scales = new ArrayList<>();
    if (options.budget().isEmpty()) {
      for (int i = 0; i < blocks.size(); i++) {
        scales.add(new StepScale(1, ScaleReason.NO_BUDGET, 0));
      }
      return scales;
    }
    BudgetOptions budget = options.budget().get();
    if (budget.scope() == BudgetOptions.Scope.JOINT) {
      StepScale all =
          DescentModel.of(blocks, progress, stepSize, hessian.joint()).within(budget.budget());
      for (int i = 0; i < blocks.size(); i++) {
        scales.add(all);
      }
      return scales;
    }
    for (int i = 0; i < blocks.size(); i++) {
      List<GradientBlock> block = List.of(blocks.get(i));
      List<BlockProgress> one = List.of(progress.get(i));
      scales.add(
          progress.get(i).isStill()
              ? new StepScale(1, ScaleReason.NOTHING_TO_SCALE, 0)
              : hessian.onBlock(
                  i, h -> DescentModel.of(block, one, stepSize, h).within(budget.budget())));
    }
    return scales;
  }

  static void requireDimension(String what, LinearOperator h, int size) {
    if (h.dimension() != size) {
      throw new IllegalArgumentException(
          "masking: the Hessian of "
              + what
              + " must have the dimension "
              + size
              + " of the gradients, got "
              + h.dimension());
    }
  }

  private static double[] product(double[] mask, double[] gradient) {
    double[] product = new double[mask.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = mask[i] * gradient[i];
    }
    return product;
  }

  private static double[] combined(GradientBlock block, double scale, double[] direction) {
    double[] clean = block.clean();
    double[] result = new double[clean.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = clean[i] + scale * direction[i];
      if (!Double.isFinite(result[i])) {
        throw new ArithmeticException(
            "masking: block "
                + block.name()
                + ": the sum of the gradients overflows at index "
                + i
                + ": "
                + clean[i]
                + " and "
                + scale * direction[i]);
      }
    }
    return result;
  }
}
