package org.modalimmune.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** What absent steps, modalities and rows hold reaches neither values nor gradients, to the bit. */
class AbsenceTest {
  /** Something to put where nothing should be looked at. */
  private static final double[] POISON = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30, -7
  };

  private interface Computation {
    Variable apply(Tape tape, List<Variable> inputs, Variable mask);
  }

  @Property(tries = 15)
  void ofSteps(
      @ForAll long seed,
      @ForAll DType dtype,
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 5) int steps) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      Gru gru = new Gru(f.ops(), "gru", 4, 4, key, dtype);
      SequenceLayer attention = new MultiHeadSelfAttention(f.ops(), "attention", 4, 2, key, dtype);
      SequenceLayer step = new Stepwise(new Linear(f.ops(), "step", 4, 4, key, dtype));
      SequencePooling pooling = new AttentionPooling(f.ops(), "pooling", 4, 3, key, dtype);
      Tensor x = f.normal(key.fold(1), dtype, rows, steps, 4);
      Tensor mask = f.gaps(key.fold(2), dtype, rows, steps);
      List<SequencePooling> poolings = List.of(pooling, new MeanPooling(), new LastStepPooling());
      for (SequencePooling p : poolings) {
        for (List<SequenceLayer> layers :
            List.of(
                List.<SequenceLayer>of(),
                List.<SequenceLayer>of(gru),
                List.of(step, new Residual(attention)))) {
          SequenceEncoder encoder = new SequenceEncoder(layers, p);
          f.randomize(encoder.parameters(), key);
          double[] first =
              assertUntouched(
                  f,
                  encoder.parameters(),
                  List.of(x),
                  mask,
                  (tape, in, m) -> encoder.forward(in.getFirst(), m, Pass.inference()));
          for (int i = 0; i < 4; i++) {
            assertEquals(0, first[i], "a sequence without valid steps gives zeros");
          }
        }
      }
    }
  }

  @Property(tries = 20)
  void ofModalities(
      @ForAll long seed,
      @ForAll DType dtype,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 4) int modalities) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      Fusion gated = new GatedFusion(f.ops(), "gated", modalities, 3, key, dtype);
      Fusion mean = new MeanFusion(modalities, 3);
      Fusion concat = new ConcatFusion(Collections.nCopies(modalities, 3L));
      Tensor presence = f.gaps(key.fold(2), dtype, rows, modalities);
      List<Tensor> embeddings = new ArrayList<>();
      for (int m = 0; m < modalities; m++) {
        embeddings.add(f.normal(key.fold("z").fold(m), dtype, rows, 3));
      }
      for (Fusion fusion : List.of(gated, mean, concat)) {
        double[] y =
            assertUntouched(
                f,
                fusion.parameters(),
                embeddings,
                presence,
                (tape, in, m) -> fusion.forward(in, m, Pass.inference()));
        assertEquals(rows * fusion.width(), y.length);
        for (int i = 0; i < fusion.width(); i++) {
          assertEquals(0, y[i], "a row without modalities gives zeros");
        }
      }
    }
  }

  @Property(tries = 15)
  void ofRowsOfLosses(
      @ForAll long seed, @ForAll DType dtype, @ForAll @IntRange(min = 1, max = 6) int rows) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      Tensor x = f.normal(key.fold(1), dtype, rows, 3);
      Tensor y = f.ops().uniform(key.fold(3), dtype, x.shape());
      Tensor mask = f.gaps(key.fold(2), dtype, rows, 1).reshape(x.shape().without(1));
      List<Computation> losses =
          List.of(
              (tape, in, m) -> MeanSquaredError.mean(in.get(0), in.get(1), m),
              (tape, in, m) -> Huber.mean(in.get(0), in.get(1), 0.5, m),
              (tape, in, m) -> BinaryCrossEntropy.mean(in.get(0), in.get(1), m));
      for (Computation loss : losses) {
        assertUntouched(f, List.of(), List.of(x, y), mask, loss);
        double none =
            evaluate(f, List.of(), List.of(x, y), f.scope().zeros(dtype, mask.shape()), loss)
                .getFirst()[0];
        assertEquals(0, none, "no valid row is a loss of 0");
      }
    }
  }

  /** Compares value and gradients with poison at what the mask excludes; returns the value. */
  private static double[] assertUntouched(
      LayerFixture f,
      List<Parameter> parameters,
      List<Tensor> inputs,
      Tensor mask,
      Computation computation) {
    List<double[]> expected = evaluate(f, parameters, inputs, mask, computation);
    expected.forEach(v -> assertTrue(DoubleStream.of(v).allMatch(Double::isFinite)));
    for (double poison : POISON) {
      List<Tensor> poisoned = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        poisoned.add(poison(f, inputs, i, mask, poison));
      }
      List<double[]> got = evaluate(f, parameters, poisoned, mask, computation);
      for (int i = 0; i < got.size(); i++) {
        assertArrayEquals(expected.get(i), got.get(i), 0, "poison " + poison + ", result " + i);
      }
    }
    return expected.getFirst();
  }

  /** Mask [B, M] excludes row b of input m, mask [B, T] step t of row b, mask [B] row b. */
  private static Tensor poison(
      LayerFixture f, List<Tensor> inputs, int index, Tensor mask, double poison) {
    Tensor x = inputs.get(index);
    double[] values = x.toDoubleArray();
    double[] valid = mask.toDoubleArray();
    int columns = (int) x.shape().dim(-1);
    boolean byModality = mask.shape().rank() == 2 && x.shape().rank() == 2;
    for (int i = 0; i < values.length; i++) {
      int at = i / columns;
      if (valid[byModality ? at * inputs.size() + index : at] == 0) {
        values[i] = poison;
      }
    }
    return f.scope().of(x.dtype(), x.shape(), values);
  }

  /** The value, then the gradients of a sum of squares by parameters and inputs. */
  private static List<double[]> evaluate(
      LayerFixture f,
      List<Parameter> parameters,
      List<Tensor> inputs,
      Tensor mask,
      Computation computation) {
    try (Tape tape = f.tape()) {
      List<Variable> leaves = new ArrayList<>();
      inputs.forEach(x -> leaves.add(tape.leaf(x)));
      Variable y = computation.apply(tape, List.copyOf(leaves), tape.constant(mask));
      parameters.forEach(p -> leaves.add(tape.leaf(p.value())));
      List<double[]> results = new ArrayList<>();
      results.add(y.tensor().toDoubleArray());
      for (Variable g : Gradients.of(Reduction.sum(Elementwise.square(y)), leaves)) {
        results.add(g.tensor().toDoubleArray());
      }
      return results;
    }
  }
}
