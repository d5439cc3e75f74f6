package org.modalimmune.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Layers against {@code spec/vectors}, whose scripts compute them with PyTorch. */
public abstract class GoldenLayersContract extends OperatorContract {
  private static final RandomKey KEY = RandomKey.of(1);

  @ParameterizedTest
  @EnumSource(DType.class)
  void gruMatches(DType dtype) {
    for (GoldenVectors.Case c : GoldenVectors.read("gru")) {
      try (LayerFixture f = new LayerFixture(backend());
          Tape tape = f.tape()) {
        int n = c.size("columns");
        int h = c.size("width");
        Gru gru = new Gru(f.ops(), "g", n, h, KEY, dtype);
        Map<String, String> roles =
            Map.of(
                "g.input.weight", "inputWeight",
                "g.input.bias", "inputBias",
                "g.state.weight", "stateWeight",
                "g.state.bias", "stateBias");
        fill(gru.parameters(), roles, c);
        Variable x = tape.leaf(c.tensor(f.scope(), dtype, "x"));
        Variable mask = tape.constant(c.tensor(f.scope(), dtype, "mask"));
        Gru.Output out = gru.run(x, mask, Pass.inference());
        long steps = x.shape().dim(1);
        // per step and row the two products and about 20 further roundings of each of 3 h gates
        double operations = x.shape().dim(0) * steps * 3.0 * h * (n + h + 20) * 3;
        Variable valid = SequenceMask.cleared(out.states(), mask);
        c.assertClose("states", valid.tensor(), operations);
        c.assertClose("last", out.last().tensor(), operations);
        Variable loss =
            Elementwise.add(
                dot(valid, c.tensor(f.scope(), dtype, "cotangent")),
                dot(out.last(), c.tensor(f.scope(), dtype, "lastCotangent")));
        assertGradients(c, loss, x, gru.parameters(), roles, operations);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void attentionMatches(DType dtype) {
    for (GoldenVectors.Case c : GoldenVectors.read("attention")) {
      try (LayerFixture f = new LayerFixture(backend());
          Tape tape = f.tape()) {
        int n = c.size("columns");
        SequenceLayer layer =
            new MultiHeadSelfAttention(f.ops(), "a", n, c.size("heads"), KEY, dtype);
        Map<String, String> roles =
            Map.of(
                "a.query.weight", "queryWeight",
                "a.query.bias", "queryBias",
                "a.key.weight", "keyWeight",
                "a.key.bias", "keyBias",
                "a.value.weight", "valueWeight",
                "a.value.bias", "valueBias",
                "a.output.weight", "outputWeight",
                "a.output.bias", "outputBias");
        fill(layer.parameters(), roles, c);
        Variable x = tape.leaf(c.tensor(f.scope(), dtype, "x"));
        Variable mask = tape.constant(c.tensor(f.scope(), dtype, "mask"));
        Variable y = layer.forward(x, mask, Pass.inference());
        long rows = x.shape().dim(0);
        long steps = x.shape().dim(1);
        // four maps of n columns and two products with the scores, forward and backward
        double operations = 3.0 * rows * steps * n * (4.0 * n + 2.0 * steps + 10);
        c.assertClose("output", y.tensor(), operations);
        Variable loss = dot(y, c.tensor(f.scope(), dtype, "cotangent"));
        assertGradients(c, loss, x, layer.parameters(), roles, operations);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void layerNormMatches(DType dtype) {
    for (GoldenVectors.Case c : GoldenVectors.read("layernorm")) {
      try (LayerFixture f = new LayerFixture(backend());
          Tape tape = f.tape()) {
        int n = c.size("columns");
        double epsilon = c.number("epsilon");
        Layer layer = new LayerNorm(f.ops(), "l", n, dtype, epsilon);
        Map<String, String> roles = Map.of("l.gain", "gain", "l.bias", "bias");
        fill(layer.parameters(), roles, c);
        Variable x = tape.leaf(c.tensor(f.scope(), dtype, "x"));
        Variable y = layer.forward(x, Pass.inference());
        // the division by the deviation, at least sqrt(epsilon), magnifies what came before
        double operations = 10.0 * n * (n == 1 ? 1 / Math.sqrt(epsilon) : 4);
        c.assertClose("output", y.tensor(), operations);
        Variable loss = dot(y, c.tensor(f.scope(), dtype, "cotangent"));
        assertGradients(c, loss, x, layer.parameters(), roles, operations * x.shape().dim(0));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void poolingsMatch(DType dtype) {
    for (GoldenVectors.Case c : GoldenVectors.read("pooling")) {
      if (c.name().equals("gated")) {
        continue;
      }
      try (LayerFixture f = new LayerFixture(backend());
          Tape tape = f.tape()) {
        Map<String, String> roles =
            Map.of(
                "p.hidden.weight", "hiddenWeight",
                "p.hidden.bias", "hiddenBias",
                "p.context", "context");
        SequencePooling pooling =
            switch (c.name()) {
              case "mean" -> new MeanPooling();
              case "last" -> new LastStepPooling();
              default ->
                  new AttentionPooling(
                      f.ops(), "p", c.size("columns"), c.size("hidden"), KEY, dtype);
            };
        fill(pooling.parameters(), roles, c);
        Variable x = tape.leaf(c.tensor(f.scope(), dtype, "x"));
        Variable mask = tape.constant(c.tensor(f.scope(), dtype, "mask"));
        Variable y = pooling.forward(x, mask, Pass.inference());
        double operations = 3.0 * x.shape().elements() * 10;
        c.assertClose("output", y.tensor(), operations);
        Variable loss = dot(y, c.tensor(f.scope(), dtype, "cotangent"));
        assertGradients(c, loss, x, pooling.parameters(), roles, operations);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void gatedFusionMatches(DType dtype) {
    GoldenVectors.Case c = GoldenVectors.read("pooling").getLast();
    try (LayerFixture f = new LayerFixture(backend());
        Tape tape = f.tape()) {
      int modalities = c.size("modalities");
      int width = c.size("width");
      GatedFusion fusion = new GatedFusion(f.ops(), "f", modalities, width, KEY, dtype);
      List<Variable> wrt = new ArrayList<>();
      List<Variable> biases = new ArrayList<>();
      for (int m = 0; m < modalities; m++) {
        double[] w = new double[width];
        System.arraycopy(c.values("weights"), m * width, w, 0, width);
        LayerFixture.set(fusion.parameters(), "f." + m + ".weight", w);
        LayerFixture.set(
            fusion.parameters(), "f." + m + ".bias", new double[] {c.values("biases")[m]});
        wrt.add(tape.leaf(fusion.parameters().get(2 * m).value()));
        biases.add(tape.leaf(fusion.parameters().get(2 * m + 1).value()));
      }
      Variable all = tape.leaf(c.tensor(f.scope(), dtype, "embeddings"));
      List<Variable> embeddings = new ArrayList<>();
      for (int m = 0; m < modalities; m++) {
        embeddings.add(Shaping.select(all, 0, m));
      }
      Variable presence = tape.constant(c.tensor(f.scope(), dtype, "presence"));
      Variable y = fusion.forward(embeddings, presence, Pass.inference());
      double operations = 3.0 * all.shape().elements() * 10;
      c.assertClose("output", y.tensor(), operations);
      Variable loss = dot(y, c.tensor(f.scope(), dtype, "cotangent"));
      c.assertClose(
          "embeddingsGradient", Gradients.of(loss, List.of(all)).getFirst().tensor(), operations);
      Variable weights =
          Shaping.reshape(
              Shaping.stack(0, Gradients.of(loss, wrt)), c.tensors().get("weights").shape());
      c.assertClose("weightsGradient", weights.tensor(), operations);
      c.assertClose(
          "biasesGradient", Shaping.concat(0, Gradients.of(loss, biases)).tensor(), operations);
    }
  }

  private static Variable dot(Variable value, Tensor cotangent) {
    return Reduction.dot(value, value.tape().constant(cotangent));
  }

  private static void fill(
      List<Parameter> parameters, Map<String, String> roles, GoldenVectors.Case c) {
    for (Parameter p : parameters) {
      p.value().set(c.values(roles.get(p.name())));
    }
  }

  private static void assertGradients(
      GoldenVectors.Case c,
      Variable loss,
      Variable x,
      List<Parameter> parameters,
      Map<String, String> roles,
      double operations) {
    Function<Variable, Tensor> gradient = v -> Gradients.of(loss, List.of(v)).getFirst().tensor();
    c.assertClose("xGradient", gradient.apply(x), operations);
    for (Parameter p : parameters) {
      c.assertClose(
          roles.get(p.name()) + "Gradient",
          gradient.apply(loss.tape().leaf(p.value())),
          operations);
    }
  }
}
