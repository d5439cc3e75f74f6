package org.modalimmune.masking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.HessianVectorProduct;
import org.modalimmune.autodiff.PerSampleGradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.hypergradient.AutodiffOperators;
import org.modalimmune.hypergradient.LinearOperator;

/**
 * {@link GradientMasking} of two losses recorded on one tape. Differentiates them, and works on the
 * host from there.
 *
 * <pre>{@code
 * AutodiffMasking masking = new AutodiffMasking(MaskingOptions.of(MaskingPart.parse("all")), 1e-5);
 * MaskedGradients g = masking.apply(CleanLoss.ofRows(rows), destructive, blocks, state, rate);
 * }</pre>
 *
 * @param options the parts and their settings
 * @param relativeProductError bound on the error of a Hessian-vector product, relative to |H| |x|,
 *     as {@link AutodiffOperators#hessian} takes it; used by the freeze alone, whose threshold must
 *     lie above the rounding of the terms that derivatives are sums of
 */
public record AutodiffMasking(MaskingOptions options, double relativeProductError) {
  /** Checks the range. */
  public AutodiffMasking {
    if (!(relativeProductError >= 0 && relativeProductError < 1)) {
      throw new IllegalArgumentException(
          "masking: the relative product error must be from 0 to 1, got " + relativeProductError);
    }
  }

  /**
   * One step. The results live in the tape's innermost open frame; all else is freed.
   *
   * @param clean the loss to be protected
   * @param destructive the loss that takes information away, a scalar
   * @param blocks no parameter in two of them
   * @param state that of the step before, or {@link MaskingState#initial}
   * @param stepSize the learning rate; positive
   * @throws IllegalArgumentException as {@link GradientMasking#apply}, or if the operands are not
   *     on one tape, a parameter occurs twice, or the soft mask has no losses of rows
   * @throws org.modalimmune.autodiff.NotRowwiseException if a parameter enters the rows in a way
   *     that has no rule
   * @throws ArithmeticException if a result exceeds the range of its parameter's type
   */
  public MaskedGradients apply(
      CleanLoss clean,
      Variable destructive,
      List<ParameterBlock> blocks,
      MaskingState state,
      double stepSize) {
    return apply(clean, destructive, blocks, Optional.empty(), state, stepSize);
  }

  /**
   * One step of an optimiser that divides by a diagonal, masked in its coordinates; the result is a
   * gradient in those of the parameters. The error of a product is then the one stated, relative to
   * the norm of the Hessian in the optimiser's coordinates.
   *
   * @param preconditioner what the optimiser divides by
   */
  public MaskedGradients apply(
      CleanLoss clean,
      Variable destructive,
      List<ParameterBlock> blocks,
      Preconditioner preconditioner,
      MaskingState state,
      double stepSize) {
    preconditioner.requireFits(blocks);
    return apply(clean, destructive, blocks, Optional.of(preconditioner), state, stepSize);
  }

  private MaskedGradients apply(
      CleanLoss clean,
      Variable destructive,
      List<ParameterBlock> blocks,
      Optional<Preconditioner> preconditioner,
      MaskingState state,
      double stepSize) {
    List<Variable> parameters = parameters(clean, destructive, blocks);
    final MaskedStep step;
    try (Tape.Frame _ = clean.loss().tape().frame()) {
      Hessian hessian = new Hessian(clean.loss(), blocks, parameters, preconditioner);
      List<GradientBlock> gradients =
          gradientBlocks(
              clean, hessian.gradient(), destructive, blocks, parameters, preconditioner);
      step = new GradientMasking(options).apply(gradients, hessian, state, stepSize);
    }
    preconditioner.ifPresent(p -> p.fromCoordinates(step.gradients()));
    return new MaskedGradients(
        BlockArrays.tensors(blocks, step.gradients()), step.reports(), step.state());
  }

  private List<Variable> parameters(
      CleanLoss clean, Variable destructive, List<ParameterBlock> blocks) {
    if (options.fisher().isPresent() && clean.rows().isEmpty()) {
      throw new IllegalArgumentException(
          "masking: the soft mask needs the clean losses of the rows; give them, or leave that part"
              + " out");
    }
    Tape tape = clean.loss().tape();
    List<Variable> parameters = new ArrayList<>();
    Set<Variable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ParameterBlock block : blocks) {
      for (Variable v : block.parameters()) {
        if (!seen.add(v)) {
          throw new IllegalArgumentException(
              "masking: block " + block.name() + ": " + v + " is listed twice");
        }
        requireOn(tape, v);
        parameters.add(v);
      }
    }
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("masking: needs at least one block");
    }
    requireOn(tape, destructive);
    clean.rows().ifPresent(rows -> requireOn(tape, rows));
    return parameters;
  }

  @SuppressWarnings("ReferenceEquality") // a tape is a place, not a value
  private static void requireOn(Tape tape, Variable v) {
    if (v.tape() != tape) {
      throw new IllegalArgumentException(
          "masking: " + v + " is not on the clean loss's tape; compute both losses on one tape");
    }
  }

  private List<GradientBlock> gradientBlocks(
      CleanLoss clean,
      List<Variable> cleanGradient,
      Variable destructive,
      List<ParameterBlock> blocks,
      List<Variable> parameters,
      Optional<Preconditioner> preconditioner) {
    List<double[]> g = BlockArrays.read(blocks, cleanGradient);
    List<double[]> d = BlockArrays.read(blocks, Gradients.of(destructive, parameters));
    Optional<List<double[]>> fisher =
        options
            .fisher()
            .flatMap(_ -> clean.rows())
            .map(rows -> BlockArrays.read(blocks, PerSampleGradients.meanSquare(rows, parameters)));
    preconditioner.ifPresent(
        p -> {
          p.toCoordinates(g);
          p.toCoordinates(d);
          fisher.ifPresent(p::fisherToCoordinates);
        });
    List<GradientBlock> result = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      int block = i;
      result.add(
          new GradientBlock(
              blocks.get(i).name(), g.get(i), d.get(i), fisher.map(f -> f.get(block))));
    }
    return result;
  }

  /** The clean loss's Hessian; the gradient is recorded for its products where it is needed. */
  private final class Hessian implements BlockHessian {
    private final Variable loss;
    private final List<ParameterBlock> blocks;
    private final List<Variable> gradient;
    private final Optional<LinearOperator> joint;
    private final Optional<Preconditioner> preconditioner;

    Hessian(
        Variable loss,
        List<ParameterBlock> blocks,
        List<Variable> parameters,
        Optional<Preconditioner> preconditioner) {
      this.preconditioner = preconditioner;
      this.loss = loss;
      this.blocks = blocks;
      boolean needed =
          options.budget().map(b -> b.scope() == BudgetOptions.Scope.JOINT).orElse(false);
      if (needed) {
        HessianVectorProduct product = new HessianVectorProduct(loss, parameters);
        this.gradient = product.gradient();
        LinearOperator h = operator(product);
        this.joint = Optional.of(preconditioner.map(p -> p.joint(h)).orElse(h));
      } else {
        this.gradient = Gradients.of(loss, parameters);
        this.joint = Optional.empty();
      }
    }

    List<Variable> gradient() {
      return gradient;
    }

    private LinearOperator operator(HessianVectorProduct product) {
      return AutodiffOperators.hessian(product, 0, relativeProductError);
    }

    @Override
    public LinearOperator joint() {
      return joint.orElseThrow();
    }

    @Override
    public <T> T onBlock(int block, Function<LinearOperator, T> use) {
      try (Tape.Frame _ = loss.tape().frame()) {
        LinearOperator h = operator(new HessianVectorProduct(loss, blocks.get(block).parameters()));
        return use.apply(preconditioner.map(p -> p.block(block, h)).orElse(h));
      }
    }
  }
}
