package org.modalimmune.nn;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.tensor.DType;

/** Losses against {@code spec/vectors/losses.json}, which PyTorch computed. */
public abstract class GoldenLossesContract extends OperatorContract {
  @ParameterizedTest
  @EnumSource(DType.class)
  void lossesAndGradientsMatch(DType dtype) {
    for (GoldenVectors.Case c : GoldenVectors.read("losses")) {
      try (LayerFixture f = new LayerFixture(backend());
          Tape tape = f.tape()) {
        Variable x = tape.leaf(c.tensor(f.scope(), dtype, "prediction"));
        Variable loss = loss(c, f, tape, x, dtype);
        // about ten roundings per element, forward and backward
        double operations = 2 * 10.0 * x.shape().elements();
        c.assertClose("loss", loss.tensor(), operations);
        c.assertClose(
            "predictionGradient", Gradients.of(loss, List.of(x)).getFirst().tensor(), operations);
      }
    }
  }

  private static Variable loss(
      GoldenVectors.Case c, LayerFixture f, Tape tape, Variable x, DType dtype) {
    return switch (c.name()) {
      case "labels" -> CrossEntropy.mean(x, labels(c));
      case "weighted" -> CrossEntropy.mean(x, labels(c), c.values("weights"));
      case "distribution" -> CrossEntropy.mean(x, constant(c, f, tape, dtype, "target"));
      case "meanSquaredError" -> MeanSquaredError.mean(x, constant(c, f, tape, dtype, "target"));
      case "meanSquaredErrorRows" ->
          MeanSquaredError.mean(
              x, constant(c, f, tape, dtype, "target"), constant(c, f, tape, dtype, "mask"));
      case "huber" -> Huber.mean(x, constant(c, f, tape, dtype, "target"), c.number("delta"));
      case "binaryCrossEntropy" ->
          BinaryCrossEntropy.mean(x, constant(c, f, tape, dtype, "target"));
      default -> throw new IllegalStateException("no loss named " + c.name());
    };
  }

  private static Variable constant(
      GoldenVectors.Case c, LayerFixture f, Tape tape, DType dtype, String key) {
    return tape.constant(c.tensor(f.scope(), dtype, key));
  }

  private static int[] labels(GoldenVectors.Case c) {
    double[] values = c.values("labels");
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) values[i];
    }
    return labels;
  }
}
