package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.nn.GoldenVectors;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

public abstract class FirstOrderGainContract extends OperatorContract {
  private static final double[] Z = {0.5, -1, 2, 0.25, 1, -3};

  @Test
  void golden() {
    GoldenVectors.Case c =
        GoldenVectors.read("controller").stream()
            .filter(x -> x.name().equals("first order"))
            .findFirst()
            .orElseThrow();
    onEach(
        (tape, dtype) -> {
          Variable z = tape.leaf(c.tensor(tape.scope(), dtype, "embeddings"));
          Variable w = tape.constant(c.tensor(tape.scope(), dtype, "weights"));
          Variable stand = tape.constant(c.tensor(tape.scope(), dtype, "replacements"));
          List<Variable> embeddings = List.of(row(z, 0), row(z, 1));
          Variable loss = tape.constant(0, dtype);
          for (int m = 0; m < 2; m++) {
            Variable e = Elementwise.exp(embeddings.get(m));
            Variable softplus = Elementwise.log(Elementwise.affine(e, 1, 1));
            loss = Elementwise.add(loss, Reduction.dot(row(w, m), softplus));
          }
          List<Variable> replacements = List.of(tape.constant(0, dtype), row(stand, 1));
          double[] gains = FirstOrderGain.of(loss, embeddings, replacements);
          // three products of at most 4, each with some ten roundings
          assertArrayEquals(c.values("gains"), gains, 128 * dtype.unitRoundoff());
        });
  }

  @Test
  void remainderIsTheSecondOrderTerm() {
    onEach(
        (tape, dtype) -> {
          Variable z = leaf(tape, dtype, Z);
          Variable loss = Reduction.sum(Elementwise.square(z));
          Variable mean = Reduction.meanTo(z, Shape.of(1, 3));
          double gain = FirstOrderGain.of(loss, List.of(z), List.of(mean))[0];
          Variable change = Elementwise.subtract(mean, z);
          double second = Reduction.sum(Elementwise.square(change)).tensor().item();
          Variable replaced = Shaping.expand(mean, z.shape());
          double without = Reduction.sum(Elementwise.square(replaced)).tensor().item();
          double exact = LossGain.V_INFORMATION.of(loss.tensor().item(), without);
          assertEquals(exact, gain + second, 256 * dtype.unitRoundoff());
          assertTrue(exact < 0 && gain < 0, "the gain keeps its sign");
        });
  }

  @Test
  void embeddingThatTheLossDoesNotUseHasNoGain() {
    onEach(
        (tape, dtype) -> {
          Variable used = leaf(tape, dtype, Z);
          Variable unused = leaf(tape, dtype, Z);
          Variable zero = tape.constant(0, dtype);
          Variable loss = Reduction.sum(used);
          double[] gains = FirstOrderGain.of(loss, List.of(used, unused), List.of(zero, zero));
          assertEquals(-(0.5 - 1 + 2 + 0.25 + 1 - 3), gains[0], 16 * dtype.unitRoundoff());
          assertEquals(0, gains[1]);
          // what it computed is gone, and the tape goes on
          Variable gradient = Gradients.of(loss, List.of(used)).getFirst();
          assertEquals(6, Reduction.sum(gradient).tensor().item());
        });
  }

  @Test
  void refusals() {
    onEach(
        (tape, dtype) -> {
          Variable z = leaf(tape, dtype, Z);
          Variable zero = tape.constant(0, dtype);
          Variable loss = Reduction.sum(z);
          refused("one replacement", loss, List.of(z), List.of());
          refused("it is a constant", loss, List.of(z.detach()), List.of(zero));
          Variable wide = tape.constant(tape.scope().of(dtype, Shape.of(2, 2, 3), new double[12]));
          refused("must broadcast to its embedding [2, 3]", loss, List.of(z), List.of(wide));
          Variable bad = tape.constant(Double.NaN, dtype);
          refused("modality 1 has gain NaN", loss, List.of(z, z), List.of(zero, bad));
          assertEquals(0, FirstOrderGain.of(loss, List.of(), List.of()).length);
        });
  }

  private static void refused(
      String part, Variable loss, List<Variable> embeddings, List<Variable> replacements) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> FirstOrderGain.of(loss, embeddings, replacements));
    assertTrue(e.getMessage().contains(part), e::getMessage);
  }

  private static Variable leaf(Tape tape, DType dtype, double[] values) {
    return tape.leaf(tape.scope().of(dtype, Shape.of(2, 3), values));
  }

  private static Variable row(Variable x, int i) {
    return Shaping.slice(x, 0, i, i + 1);
  }

  private interface OnTape {
    void run(Tape tape, DType dtype);
  }

  private void onEach(OnTape test) {
    for (DType dtype : DType.values()) {
      onTape(tape -> test.run(tape, dtype));
    }
  }
}
