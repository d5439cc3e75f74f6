package org.modalimmune.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.GradientCheck;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.HessianVectorProduct;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Derivative rules on the backend under test, against differences, in first and second order. */
public abstract class GradientContract extends Contract {
  private static final double STEP = 0x1p-18;

  /** For subclasses. */
  protected GradientContract() {}

  @Provide
  Arbitrary<GradientCase> cases() {
    return Arbitraries.of(GradientCases.all());
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void everyRuleAgreesWithDifferences(
      @ForAll("cases") GradientCase one, @ForAll @IntRange(max = 1) int seed) {
    try (Scope scope = backend().newScope()) {
      new GradientCheck(backend(), RandomKey.of(seed))
          .check(one.toString(), one.function(), one.inputs(scope, seed));
    }
  }

  @Example
  void everyOperationHasACase() {
    Set<String> unchecked = new TreeSet<>(DifferentiableOperations.names());
    Refusal.require(unchecked.size() > 30, "operations found: " + unchecked);
    GradientCases.all().forEach(c -> unchecked.remove(c.operation()));
    Refusal.require(unchecked.isEmpty(), "no gradient check for " + unchecked);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void hessianVectorProductsAreDifferencesOfGradients(@ForAll @IntRange(max = 4) int seed) {
    try (Scope scope = backend().newScope()) {
      RandomKey key = RandomKey.of(seed);
      List<Tensor> at = parameters(scope, key.fold("point"));
      List<Tensor> along = parameters(scope, key.fold("direction"));
      List<double[]> product = new ArrayList<>();
      List<double[]> again = new ArrayList<>();
      try (Tape tape = new Tape(backend())) {
        List<Variable> wrt = at.stream().map(tape::leaf).toList();
        Variable loss = network(tape, wrt);
        List<Variable> v = along.stream().map(tape::constant).toList();
        Gradients.hvp(loss, wrt, v).forEach(p -> product.add(p.tensor().toDoubleArray()));
        List<Tensor> result = at.stream().map(t -> scope.zeros(t.dtype(), t.shape())).toList();
        new HessianVectorProduct(loss, wrt).apply(along, result);
        result.forEach(r -> again.add(r.toDoubleArray()));
      }
      List<double[]> ahead = gradient(scope, at, along, STEP);
      List<double[]> behind = gradient(scope, at, along, -STEP);
      for (int k = 0; k < at.size(); k++) {
        double scale = largest(product.get(k)) + largest(ahead.get(k));
        // rounding u |g| / h and truncation h^2 |D^3 g| / 6 are both near 2^-36
        double bound = 512 * 0x1p-36 * scale;
        for (int i = 0; i < product.get(k).length; i++) {
          double difference = (ahead.get(k)[i] - behind.get(k)[i]) / (2 * STEP);
          Refusal.require(
              Math.abs(product.get(k)[i] - difference) <= bound,
              "parameter " + k + " [" + i + "]: hvp " + product.get(k)[i] + ", " + difference);
          Refusal.require(
              Math.abs(again.get(k)[i] - product.get(k)[i]) <= bound,
              "parameter " + k + " [" + i + "]: the kept graph gives " + again.get(k)[i]);
        }
      }
    }
  }

  private static List<Tensor> parameters(Scope scope, RandomKey key) {
    List<Shape> shapes =
        List.of(Shape.of(4, 5), Shape.of(5), Shape.of(5, 3), Shape.of(3), Shape.of(6, 4));
    List<Tensor> out = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(key.seed());
    for (Shape s : shapes) {
      double[] values = random.doubles(s.elements(), -1, 1).toArray();
      out.add(scope.of(DType.FLOAT64, s, values));
    }
    return out;
  }

  /** Cross-entropy of a small network: x is the last parameter. */
  private static Variable network(Tape tape, List<Variable> p) {
    Variable hidden = Matrix.linear(p.get(4), p.get(0), p.get(1));
    Variable normal = Normalization.layerNorm(Elementwise.tanh(hidden), 1e-2);
    Variable logits = Matrix.linear(normal, p.get(2), p.get(3));
    Variable logs = Normalization.logSoftmax(logits);
    Tensor labels =
        tape.scope()
            .of(
                DType.FLOAT64,
                Shape.of(6, 3),
                1,
                0,
                0,
                0,
                1,
                0,
                0,
                0,
                1,
                1,
                0,
                0,
                0,
                1,
                0,
                0,
                0,
                1);
    return Elementwise.negate(Reduction.dot(logs, tape.constant(labels)));
  }

  private List<double[]> gradient(Scope scope, List<Tensor> at, List<Tensor> along, double step) {
    try (Tape tape = new Tape(backend())) {
      List<Variable> wrt = new ArrayList<>();
      for (int k = 0; k < at.size(); k++) {
        Tensor moved = backend().ops(scope).copy(at.get(k));
        backend().ops(scope).axpy(step, along.get(k), moved);
        wrt.add(tape.leaf(moved));
      }
      return Gradients.of(network(tape, wrt), wrt).stream()
          .map(g -> g.tensor().toDoubleArray())
          .toList();
    }
  }

  private static double largest(double[] values) {
    double out = 0;
    for (double v : values) {
      out = Math.max(out, Math.abs(v));
    }
    return out;
  }
}
