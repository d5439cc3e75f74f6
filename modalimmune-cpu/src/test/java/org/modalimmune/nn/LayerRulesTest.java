package org.modalimmune.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Names, shapes and refusals of layers. */
class LayerRulesTest {
  private static final RandomKey KEY = RandomKey.of(5);
  private static final DType F32 = DType.FLOAT32;

  @Test
  void perceptronsNameTheirLayers() {
    try (LayerFixture f = new LayerFixture()) {
      Sequential mlp =
          new Mlp(List.of(5L, 8L, 3L), Activation.RELU, 0.2)
              .create(f.ops(), "encoder.text", KEY, F32);
      assertEquals(
          List.of(
              "encoder.text.0.weight [5, 8] decayed",
              "encoder.text.0.bias [8]",
              "encoder.text.1.weight [8, 3] decayed",
              "encoder.text.1.bias [3]"),
          mlp.parameters().stream()
              .map(p -> p.name() + " " + p.value().shape() + (p.decayed() ? " decayed" : ""))
              .toList());
      assertEquals(4, mlp.layers().size());
      assertEquals(4, f.scope().size(), "parameters and nothing else stay in the scope");
    }
  }

  @Property(tries = 20)
  void linearKeepsLeadingAxes(
      @ForAll @IntRange(min = 0, max = 3) int rows, @ForAll @IntRange(min = 0, max = 3) int steps) {
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Linear linear = new Linear(f.ops(), "l", 3, 2, KEY, F32);
      Variable x = tape.leaf(f.normal(KEY, F32, rows, steps, 3));
      Variable y = linear.forward(x, Pass.inference());
      assertEquals(Shape.of(rows, steps, 2), y.shape());
    }
  }

  @Property(tries = 20)
  void emptySequencesAndBatchesWork(
      @ForAll @IntRange(min = 0, max = 2) int rows, @ForAll boolean noSteps) {
    int steps = noSteps ? 0 : 2;
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Variable x = tape.leaf(f.normal(KEY, F32, rows, steps, 4));
      Variable mask = SequenceMask.full(x);
      for (SequenceLayer layer :
          List.of(
              new Gru(f.ops(), "g", 4, 4, KEY, F32),
              new MultiHeadSelfAttention(f.ops(), "a", 4, 2, KEY, F32))) {
        assertEquals(x.shape(), layer.forward(x, mask, Pass.inference()).shape());
      }
      for (SequencePooling pooling :
          List.of(
              new MeanPooling(),
              new LastStepPooling(),
              new AttentionPooling(f.ops(), "p", 4, 2, KEY, F32))) {
        Variable y = pooling.forward(x, mask, Pass.inference());
        assertEquals(Shape.of(rows, 4), y.shape());
        for (double v : y.tensor().toDoubleArray()) {
          assertTrue(Double.isFinite(v) && (steps > 0 || v == 0));
        }
      }
    }
  }

  @Test
  void lengthsBecomeMasks() {
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Variable mask = SequenceMask.ofLengths(tape, new int[] {2, 0, 3}, 3, DType.FLOAT64);
      assertArrayEquals(new double[] {1, 1, 0, 0, 0, 0, 1, 1, 1}, mask.tensor().toDoubleArray());
      refused(() -> SequenceMask.ofLengths(tape, new int[] {4}, 3, F32));
      refused(() -> SequenceMask.ofLengths(tape, new int[] {-1}, 3, F32));
    }
  }

  @Test
  void concatenationAppendsThePresence() {
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Variable a = tape.leaf(f.scope().of(Shape.of(2, 1), 5, 6));
      Variable b = tape.leaf(f.scope().of(Shape.of(2, 2), 1, 2, 3, 4));
      Variable presence = tape.constant(f.scope().of(Shape.of(2, 2), 1, 0, 0, 1));
      ConcatFusion fusion = new ConcatFusion(List.of(1L, 2L));
      Variable y = fusion.forward(List.of(a, b), presence, Pass.inference());
      assertEquals(5, fusion.width());
      assertArrayEquals(new double[] {5, 0, 0, 1, 0, 0, 3, 4, 0, 1}, y.tensor().toDoubleArray());
      MeanFusion mean = new MeanFusion(2, 2);
      Variable both = tape.constant(f.scope().of(Shape.of(2, 2), 1, 1, 0, 1));
      assertArrayEquals(
          new double[] {1, 2, 3, 4},
          mean.forward(List.of(b, b), both, Pass.inference()).tensor().toDoubleArray());
      refused(() -> fusion.forward(List.of(a), presence, Pass.inference()));
      refused(() -> fusion.forward(List.of(b, a), presence, Pass.inference()));
      refused(() -> fusion.forward(List.of(a, b), a, Pass.inference()));
    }
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Variable x = tape.leaf(f.normal(KEY, F32, 2, 3, 4));
      Variable wrong = tape.constant(f.normal(KEY, F32, 3, 2));
      Linear linear = new Linear(f.ops(), "head.0", 5, 2, KEY, F32);
      String message = refused(() -> linear.forward(x, Pass.inference()));
      assertTrue(message.contains("head.0") && message.contains("[..., 5]"), message);
      Gru gru = new Gru(f.ops(), "g", 4, 2, KEY, F32);
      refused(() -> gru.forward(x, wrong, Pass.inference()));
      refused(() -> gru.forward(wrong, wrong, Pass.inference()));
      refused(() -> new MeanPooling().forward(x, wrong, Pass.inference()));
      refused(() -> new MultiHeadSelfAttention(f.ops(), "a", 4, 3, KEY, F32));
      refused(() -> new MultiHeadSelfAttention(f.ops(), "a", 4, 0, KEY, F32));
      refused(() -> new Linear(f.ops(), "l", 0, 2, KEY, F32));
      refused(() -> new LayerNorm(f.ops(), "l", 3, F32, 0));
      refused(() -> new Mlp(List.of(3L), Activation.RELU, 0));
      refused(() -> new Sequential(linear, linear));
      refused(() -> new ConcatFusion(List.of()));
      refused(() -> new Parameter(" ", linear.bias().value(), false));
      refused(() -> new Parameter("w", linear.weight().value().transpose(0, 1), false));
      refused(() -> Initializers.uniform(Double.NaN));
      refused(() -> Initializers.xavier().create(f.ops(), KEY, F32, Shape.of(3)));
    }
  }

  @Test
  void lossesRefuseWhatTheyCannotMean() {
    try (LayerFixture f = new LayerFixture();
        Tape tape = f.tape()) {
      Variable x = tape.leaf(f.normal(KEY, F32, 2, 3));
      Variable narrow = tape.leaf(f.normal(KEY, F32, 2, 1));
      Tensor none = f.scope().zeros(F32, Shape.of(0, 3));
      String label = refused(() -> CrossEntropy.mean(x, new int[] {0, 3}));
      assertTrue(label.contains("row 1") && label.contains("0 .. 2"), label);
      refused(() -> CrossEntropy.mean(x, new int[] {0}));
      refused(() -> CrossEntropy.mean(x, narrow));
      refused(() -> CrossEntropy.mean(tape.leaf(none), new int[0]));
      refused(() -> CrossEntropy.mean(x, new int[] {0, 1}, new double[] {1}));
      refused(() -> CrossEntropy.mean(x, new int[] {0, 1}, new double[] {0, 0}));
      refused(() -> CrossEntropy.mean(x, new int[] {0, 1}, new double[] {1, Double.NaN}));
      refused(() -> MeanSquaredError.mean(x, narrow));
      refused(() -> MeanSquaredError.mean(x, x, narrow));
      refused(() -> Huber.mean(x, x, 0));
      refused(() -> BinaryCrossEntropy.mean(x, narrow));
    }
  }

  private static String refused(Executable action) {
    return assertThrows(IllegalArgumentException.class, action).getMessage();
  }
}
