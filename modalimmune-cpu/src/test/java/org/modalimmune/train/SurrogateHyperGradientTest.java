package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modalimmune.autodiff.GaussNewtonProduct;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.hypergradient.HyperGradient;
import org.modalimmune.nn.Parameter;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * The tuner on the immune method's own loss: its hyper-gradient is the derivative of the held-out
 * loss at the minimiser of the quadratic surrogate, solved densely for settings moved either way,
 *
 * <pre>
 * theta(phi) = theta0 - (G + diag(c D) + delta I)^-1 (g(theta0, phi) - g(theta0, phi0))
 * </pre>
 *
 * with g the gradient of the step's loss plus c D theta. Values that carry no gradient, such as the
 * full pattern's prediction in the distillation, count as constants.
 */
class SurrogateHyperGradientTest {
  private static final double DELTA = 0.2;
  private static final double DECAY = 0.5;

  /** The method's loss with everything, for settings that no value without gradient depends on. */
  private static ImmuneOptions everything() {
    return options(
        0.5, List.of(InterventionKind.values()), EnumSet.complementOf(EnumSet.of(MetaGroup.NOISE)));
  }

  /** Without the terms whose targets carry no gradient but depend on the noise. */
  private static ImmuneOptions noise() {
    return options(
        0,
        List.of(InterventionKind.OMIT, InterventionKind.SHUFFLE, InterventionKind.ZERO_INPUT),
        EnumSet.of(MetaGroup.NOISE));
  }

  private static ImmuneOptions options(
      double distillation, List<InterventionKind> interventions, Set<MetaGroup> adapted) {
    ImmuneOptions d = ImmuneOptions.defaults();
    ImmuneOptions.Weights w = d.weights();
    return new ImmuneOptions(
        d.noise(),
        new ImmuneOptions.Weights(
            w.full(), w.pattern(), distillation, 0.3, w.reconstruction(), w.collapse()),
        3,
        0.6,
        interventions,
        d.controller(),
        d.masking(),
        new HyperGradientOptions(adapted, 1, 0, DELTA, 1e-3, 200, 0.1, 1e-9));
  }

  @ParameterizedTest
  @CsvSource({"reference, 1", "cpu, 2", "cpu, 3"})
  void isTheDerivativeAtTheSurrogatesMinimiser(String backend, long seed) {
    Set<String> signed = new TreeSet<>();
    check(backend, everything(), seed, signed);
    check(backend, noise(), seed, signed);
    assertEquals(Set.of("decay", "noise", "severity", "weight"), signed);
  }

  private static void check(String backend, ImmuneOptions options, long seed, Set<String> signed) {
    ModelOptions sizes = new ModelOptions(4, 3, 4, 2, 0.2, DType.FLOAT64);
    try (ImmuneFixture f =
        new ImmuneFixture(backend, sizes, new int[] {3, 2}, 18, options, DECAY, seed)) {
      f.train(60, 0.02);
      List<Parameter> theta = f.model.predictiveParameters();
      MetaParameters meta = f.objective.metaParameters().orElseThrow();
      DecaySettings decay = new DecaySettings(meta, f.optimizer, f.groups, theta);
      List<MetaParameter> phi = new ArrayList<>(meta.moving());
      phi.addAll(decay.moving());
      HyperGradient g = f.tuner().compute(f.allRows(), ImmuneFixture.stepKey(99));
      double[] bounds = g.componentBounds().orElseThrow();
      double[] theta0 = ImmuneFixture.flat(theta);
      double[][] h = surrogate(f, theta);
      double[] base = slope(f, theta, decay);
      for (int i = 0; i < phi.size(); i++) {
        double step = 0x1p-14;
        double[] differences = new double[2];
        for (int k = 0; k < 2; k++) {
          double up = heldOutAfter(f, theta, theta0, decay, phi.get(i), (k + 1) * step, h, base);
          double down = heldOutAfter(f, theta, theta0, decay, phi.get(i), -(k + 1) * step, h, base);
          differences[k] = (up - down) / (2 * (k + 1) * step);
        }
        // three times the truncation error of the first
        double truncation = Math.abs(differences[1] - differences[0]);
        String name = phi.get(i).name();
        assertTrue(truncation <= 1e-2 * bounds[i] + 1e-9, name + " is not smooth: " + truncation);
        assertEquals(differences[0], g.value()[i], bounds[i] + truncation, name);
        if (Math.abs(g.value()[i]) > bounds[i]) {
          assertEquals(Math.signum(differences[0]), Math.signum(g.value()[i]), name);
          signed.add(name.replaceAll("\\..*", ""));
        }
      }
    }
  }

  /** Held-out loss at the surrogate's minimiser for one setting moved; all is put back. */
  private static double heldOutAfter(
      ImmuneFixture f,
      List<Parameter> theta,
      double[] theta0,
      DecaySettings decay,
      MetaParameter moved,
      double step,
      double[][] h,
      double[] base) {
    double before = moved.unconstrained();
    moved.restore(before + step);
    decay.apply();
    double[] change = slope(f, theta, decay);
    for (int j = 0; j < change.length; j++) {
      change[j] -= base[j];
    }
    double[] solved = DenseSolve.solve(h, change);
    double[] there = theta0.clone();
    for (int j = 0; j < there.length; j++) {
      there[j] -= solved[j];
    }
    ImmuneFixture.set(theta, there);
    double loss = f.meanHeldOut();
    ImmuneFixture.set(theta, theta0);
    moved.restore(before);
    decay.apply();
    return loss;
  }

  /** g(theta, phi) at the present parameters and settings. */
  private static double[] slope(ImmuneFixture f, List<Parameter> theta, DecaySettings decay) {
    double[] c = decay.curvature();
    double[] w = ImmuneFixture.flat(theta);
    try (Tape tape = new Tape(f.backend)) {
      Batch batch = new Batch(tape, f.rows, f.allRows(), ImmuneFixture.CLASSES);
      Variable loss = f.objective.loss(f.model, batch, ImmuneFixture.stepKey(99)).total();
      List<Variable> leaves = theta.stream().map(p -> tape.leaf(p.value())).toList();
      double[] g = new double[w.length];
      int at = 0;
      for (Variable part : Gradients.of(loss, leaves)) {
        for (double v : part.tensor().toDoubleArray()) {
          g[at] = v + c[at] * w[at];
          at++;
        }
      }
      return g;
    }
  }

  /** G + diag(c D) + delta I by columns; c and D read from the optimiser. */
  private static double[][] surrogate(ImmuneFixture f, List<Parameter> theta) {
    int n = ImmuneFixture.flat(theta).length;
    double[][] h = new double[n][n];
    try (Tape tape = new Tape(f.backend)) {
      Batch batch = new Batch(tape, f.rows, f.allRows(), ImmuneFixture.CLASSES);
      StepLoss loss = f.objective.loss(f.model, batch, ImmuneFixture.stepKey(99));
      List<Variable> leaves = theta.stream().map(p -> tape.leaf(p.value())).toList();
      GaussNewtonProduct product = new GaussNewtonProduct(loss.total(), loss.outputs(), leaves);
      List<Tensor> v = theta.stream().map(p -> tape.ops().copy(p.value())).toList();
      List<Tensor> result = theta.stream().map(p -> tape.ops().copy(p.value())).toList();
      for (int column = 0; column < n; column++) {
        int at = 0;
        for (Tensor t : v) {
          double[] unit = new double[(int) t.elements()];
          if (column >= at && column < at + unit.length) {
            unit[column - at] = 1;
          }
          t.set(unit);
          at += unit.length;
        }
        product.apply(v, result);
        int row = 0;
        for (Tensor t : result) {
          for (double x : t.toDoubleArray()) {
            h[row++][column] = x;
          }
        }
      }
    }
    int at = 0;
    for (Parameter p : theta) {
      double[] d = f.optimizer.preconditioner(p.name());
      for (double v : d) {
        h[at][at] += DELTA + (p.decayed() ? DECAY * v : 0);
        at++;
      }
    }
    return h;
  }
}
