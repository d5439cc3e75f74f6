package org.modalimmune.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.autodiff.GaussNewtonProduct;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.hypergradient.AutodiffMixedProduct;
import org.modalimmune.hypergradient.AutodiffTensorOperators;
import org.modalimmune.hypergradient.BilevelProblem;
import org.modalimmune.hypergradient.Certificate;
import org.modalimmune.hypergradient.HyperGradient;
import org.modalimmune.hypergradient.LanczosBound;
import org.modalimmune.hypergradient.Method;
import org.modalimmune.hypergradient.MixedProduct;
import org.modalimmune.hypergradient.NonFiniteInputException;
import org.modalimmune.hypergradient.SolverOptions;
import org.modalimmune.hypergradient.SpectrumBounds;
import org.modalimmune.hypergradient.TensorOperator;
import org.modalimmune.nn.Parameter;
import org.modalimmune.optim.Optimizer;
import org.modalimmune.optim.ParameterGroup;
import org.modalimmune.random.RandomKey;

/**
 * Moves a run's meta-parameters along certified hyper-gradients of the validation loss:
 *
 * <pre>
 * g = -M q,   (G + diag(c D) + delta I) q = v
 * </pre>
 *
 * with v the gradient of the held-out cross-entropy averaged over all patterns, G the Gauss-Newton
 * matrix and M the mixed derivative of the step's own loss with the step's own draws, and c D the
 * decay as AdamW applies it: decoupled decay c with the preconditioner D has its fixed points where
 * the gradient of the loss plus (c / 2) w'Dw vanishes. A solve without a certificate at the
 * tolerance moves nothing.
 */
final class HyperGradientTuner {
  /**
   * Stated error of a float32 product by differentiation, relative to the norm of the operator or
   * of the row. Not proved: at most an eighth of it is measured on models of the trainer's shape.
   */
  static final double PRODUCT_ERROR = 0x1p-16;

  /** Of the search for the upper end of the spectrum; 19 bound one at 2^31 elements and 1e-9. */
  private static final int LANCZOS_STEPS = 24;

  private final Backend backend;
  private final Objective objective;
  private final HyperGradientOptions options;
  private final MultimodalModel model;
  private final DeviceRows rows;
  private final HeldOutLoss heldOut;
  private final List<Parameter> theta;
  private final List<MetaParameter> losses;
  private final DecaySettings decay;
  private final List<MetaParameter> all = new ArrayList<>();
  private final MetaUpdate update;
  private long certified;
  private long attempts;
  private long products;

  HyperGradientTuner(
      Backend backend,
      Objective objective,
      MetaParameters meta,
      MultimodalModel model,
      DeviceRows rows,
      HeldOutLoss heldOut,
      Optimizer optimizer,
      List<ParameterGroup> groups) {
    this.backend = backend;
    this.objective = objective;
    this.options = objective.hyperGradient();
    this.model = model;
    this.rows = rows;
    this.heldOut = heldOut;
    this.theta = model.predictiveParameters();
    this.losses = meta.moving();
    this.decay = new DecaySettings(meta, optimizer, groups, theta);
    this.all.addAll(losses);
    this.all.addAll(decay.moving());
    this.update = new MetaUpdate(all, options.stepLength());
  }

  /** Moves the settings if a hyper-gradient is due before this step. */
  void adapt(int[] chosen, RandomKey stepKey, long step, long steps) {
    if (all.isEmpty()
        || step % options.interval() != 0
        || step == 0
        || step < options.warmUpFraction() * steps) {
      return;
    }
    HyperGradient gradient = finite(chosen, stepKey, step);
    attempts++;
    products += gradient.certificate().products();
    if (gradient.certificate() instanceof Certificate.Bounded) {
      certified++;
      update.apply(gradient.value());
      decay.apply();
    }
  }

  private HyperGradient finite(int[] chosen, RandomKey stepKey, long step) {
    try {
      return compute(chosen, stepKey);
    } catch (NonFiniteInputException e) {
      throw new TrainingDivergedException(
          "hyper-gradient: before step "
              + step
              + ": "
              + e.getMessage()
              + "; lower the learning rate, or adapt fewer settings",
          e);
    }
  }

  /**
   * The hyper-gradient at the model's present parameters, with the loss of these rows and draws.
   */
  HyperGradient compute(int[] chosen, RandomKey stepKey) {
    double[] outer = heldOut.gradientOfMean(theta);
    try (Tape tape = new Tape(backend)) {
      Batch batch = new Batch(tape, rows, chosen, model.classes());
      StepLoss loss = objective.loss(model, batch, stepKey);
      List<Variable> leaves = theta.stream().map(p -> tape.leaf(p.value())).toList();
      double[] diagonal = decay.curvature();
      for (int i = 0; i < diagonal.length; i++) {
        diagonal[i] += options.damping();
      }
      TensorOperator h =
          AutodiffTensorOperators.gaussNewton(
              new GaussNewtonProduct(loss.total(), loss.outputs(), leaves),
              diagonal,
              PRODUCT_ERROR);
      double upper =
          LanczosBound.of(h, LANCZOS_STEPS, options.failureProbability(), stepKey.fold("lanczos"))
              .upper();
      SpectrumBounds spectrum =
          SpectrumBounds.probable(options.damping(), upper, options.failureProbability());
      List<Variable> phi = losses.stream().map(p -> p.leaf(tape)).toList();
      MixedProduct mixed =
          decay.below(new AutodiffMixedProduct(loss.total(), leaves, phi, PRODUCT_ERROR));
      double tolerance = options.tolerance() * norm(outer) / options.damping();
      return new BilevelProblem(h, spectrum, mixed, outer, new double[all.size()])
          .solve(
              SolverOptions.adaptive(Method.CONJUGATE_GRADIENT, tolerance, options.maxProducts()));
    }
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
  }

  /** The settings that move, what their update remembers, and the counts for the report. */
  TrainingState state() {
    TrainingState counts =
        TrainingState.of(
            Map.of(
                "attempts", new double[] {attempts},
                "certified", new double[] {certified},
                "products", new double[] {products}));
    return TrainingState.ofParts(Map.of("update", update.state(), "counts", counts));
  }

  /**
   * Continues from a state; the optimiser's decays are its own to restore.
   *
   * @throws IllegalArgumentException if it is of other settings
   */
  void restore(TrainingState state) {
    state.requireOnly(Set.of("update", "counts"));
    update.restore(state.part("update"));
    TrainingState counts = state.part("counts");
    attempts = counts.count("attempts");
    certified = counts.count("certified");
    products = counts.count("products");
  }

  /** Learned settings, and how many of the hyper-gradients were certified. */
  SortedMap<String, Double> settings() {
    SortedMap<String, Double> settings = new TreeMap<>();
    all.forEach(p -> settings.put(p.name(), p.value()));
    settings.put("hypergradient.attempts", (double) attempts);
    settings.put("hypergradient.certified", (double) certified);
    settings.put(
        "hypergradient.products-per-attempt", attempts == 0 ? 0 : (double) products / attempts);
    return settings;
  }
}
