package org.modalimmune.optim;

import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.nn.GoldenVectors;
import org.modalimmune.nn.LayerFixture;
import org.modalimmune.nn.Parameter;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Optimisers against {@code spec/vectors}: learning rate and decay change between the steps. */
public abstract class GoldenOptimizersContract extends OperatorContract {
  @ParameterizedTest
  @EnumSource(DType.class)
  void adamWMatches(DType dtype) {
    for (GoldenVectors.Case c : GoldenVectors.read("adamw")) {
      AdamWSettings settings =
          new AdamWSettings(c.number("beta1"), c.number("beta2"), c.number("epsilon"));
      run(c, dtype, (f, groups) -> new AdamW(f.ops(), groups, settings));
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void sgdMatches(DType dtype) {
    for (GoldenVectors.Case c : GoldenVectors.read("sgd")) {
      run(
          c,
          dtype,
          (f, groups) ->
              new SgdMomentum(f.ops(), groups, c.number("momentum"), c.number("nesterov") == 1));
    }
  }

  private void run(
      GoldenVectors.Case c,
      DType dtype,
      BiFunction<LayerFixture, List<ParameterGroup>, Optimizer> make) {
    try (LayerFixture f = new LayerFixture(backend())) {
      Tensor weight = c.tensor(f.scope(), dtype, "weight");
      Tensor bias = c.tensor(f.scope(), dtype, "bias");
      // one group: the bias must escape its decay by itself
      ParameterGroup group =
          new ParameterGroup(
              "all",
              List.of(new Parameter("weight", weight, true), new Parameter("bias", bias, false)),
              c.values("decays")[0]);
      Optimizer optimizer = make.apply(f, List.of(group));
      Tensor weightGradients = c.tensor(f.scope(), dtype, "weightGradients");
      Tensor biasGradients = c.tensor(f.scope(), dtype, "biasGradients");
      int steps = c.values("rates").length;
      int memory = f.scope().size();
      Tensor weightAfter = f.scope().zeros(dtype, c.tensors().get("weightAfter").shape());
      Tensor biasAfter = f.scope().zeros(dtype, c.tensors().get("biasAfter").shape());
      for (int t = 0; t < steps; t++) {
        optimizer.setWeightDecay("all", c.values("decays")[t]);
        optimizer.step(
            List.of(weightGradients.select(0, t), biasGradients.select(0, t)),
            c.values("rates")[t]);
        f.ops().copyTo(weight, weightAfter.select(0, t));
        f.ops().copyTo(bias, biasAfter.select(0, t));
      }
      if (f.scope().size() != memory + 2) {
        throw new AssertionError("steps left memory behind in the parameters' scope");
      }
      // about 15 roundings a step; a quotient by the root of v magnifies by at most 1 / sqrt(v)
      double operations = 15.0 * steps * 8;
      c.assertClose("weightAfter", weightAfter, operations);
      c.assertClose("biasAfter", biasAfter, operations);
      if (!weight.shape().equals(Shape.of(3, 2))) {
        throw new AssertionError("a parameter changed its shape");
      }
    }
  }
}
