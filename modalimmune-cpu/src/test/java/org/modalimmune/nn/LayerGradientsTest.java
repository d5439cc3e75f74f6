package org.modalimmune.nn;

import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * First and second derivatives of every layer and loss, with respect to inputs and parameters, at
 * the same draws every run: a rare one bends too fast for a difference, which the check refuses.
 */
class LayerGradientsTest {
  private static final DType F64 = DType.FLOAT64;

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void ofPlainLayers(
      @ForAll @IntRange(max = 1) int seed,
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll Activation between) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      List<Layer> layers =
          List.of(
              new Linear(f.ops(), "linear", 3, 4, key, F64),
              // without a large epsilon a row of nearly equal values bends too fast for a
              // difference
              new LayerNorm(f.ops(), "norm", 3, F64, 0.5),
              between == Activation.RELU ? Activation.GELU : between,
              new Mlp(List.of(3L, 4L, 2L), smooth(between), 0).create(f.ops(), "mlp", key, F64));
      for (Layer layer : layers) {
        f.randomize(layer.parameters(), key);
        Tensor x = f.normal(key.fold(9), F64, rows, 3);
        f.checkGradients(
            layer.getClass().getSimpleName(),
            key,
            layer.parameters(),
            List.of(x),
            (tape, in) -> layer.forward(in.getFirst(), Pass.inference()));
      }
    }
  }

  /** A rectifier's kink may lie inside a difference; its rule is checked with the operations. */
  private static Activation smooth(Activation a) {
    return a == Activation.RELU ? Activation.TANH : a;
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void ofDropoutWithItsDrawsHeld(@ForAll @IntRange(max = 4) int seed) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      f.checkGradients(
          "dropout",
          key,
          List.of(),
          List.of(f.normal(key, F64, 4, 5)),
          (tape, in) -> new Dropout(0.4).forward(in.getFirst(), Pass.training(key)));
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void ofSequenceLayers(
      @ForAll @IntRange(max = 1) int seed,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 4) int steps) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      SequenceLayer gru = new Gru(f.ops(), "gru", 4, 3, key, F64);
      SequenceLayer attention = new MultiHeadSelfAttention(f.ops(), "a", 4, 2, key, F64);
      SequenceLayer step = new Stepwise(new Linear(f.ops(), "s", 4, 2, key, F64));
      List<SequenceLayer> layers = List.of(gru, attention, step, new Residual(attention));
      Tensor x = f.normal(key.fold(9), F64, rows, steps, 4);
      Tensor mask = f.gaps(key.fold(8), F64, rows, steps);
      for (SequenceLayer layer : layers) {
        f.randomize(layer.parameters(), key);
        f.checkGradients(
            layer.getClass().getSimpleName(),
            key,
            layer.parameters(),
            List.of(x),
            (tape, in) -> layer.forward(in.getFirst(), tape.constant(mask), Pass.inference()));
      }
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void ofPoolings(
      @ForAll @IntRange(max = 1) int seed,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 4) int steps) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      AttentionPooling attention = new AttentionPooling(f.ops(), "p", 3, 2, key, F64);
      Tensor x = f.normal(key.fold(9), F64, rows, steps, 3);
      Tensor mask = f.gaps(key.fold(8), F64, rows, steps);
      for (SequencePooling p : List.of(attention, new MeanPooling(), new LastStepPooling())) {
        f.checkGradients(
            p.getClass().getSimpleName(),
            key,
            p.parameters(),
            List.of(x),
            (tape, in) -> p.forward(in.getFirst(), tape.constant(mask), Pass.inference()));
      }
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void ofFusions(
      @ForAll @IntRange(max = 1) int seed, @ForAll @IntRange(min = 1, max = 4) int rows) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      List<Fusion> fusions =
          List.of(
              new ConcatFusion(List.of(2L, 2L, 2L)),
              new MeanFusion(3, 2),
              new GatedFusion(f.ops(), "f", 3, 2, key, F64));
      Tensor presence = f.gaps(key.fold(8), F64, rows, 3);
      List<Tensor> embeddings =
          List.of(
              f.normal(key.fold(0), F64, rows, 2),
              f.normal(key.fold(1), F64, rows, 2),
              f.normal(key.fold(2), F64, rows, 2));
      for (Fusion fusion : fusions) {
        f.checkGradients(
            fusion.getClass().getSimpleName(),
            key,
            fusion.parameters(),
            embeddings,
            (tape, in) -> fusion.forward(in, tape.constant(presence), Pass.inference()));
      }
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void ofLosses(@ForAll @IntRange(max = 1) int seed, @ForAll @IntRange(min = 1, max = 4) int rows) {
    RandomKey key = RandomKey.of(seed);
    try (LayerFixture f = new LayerFixture()) {
      Tensor x = f.normal(key.fold(0), F64, rows, 3);
      Tensor y = f.ops().uniform(key.fold(1), F64, Shape.of(rows, 3));
      Tensor mask = f.gaps(key.fold(2), F64, 1, rows).reshape(Shape.of(rows));
      mask.set(onesAndZeros(rows));
      int[] labels = new int[rows];
      double[] weights = new double[rows];
      for (int i = 0; i < rows; i++) {
        labels[i] = i % 3;
        weights[i] = i + 0.5;
      }
      check(f, key, "labels", x, in -> CrossEntropy.mean(in.get(0), labels, weights));
      check(f, key, "rows", x, in -> CrossEntropy.perRow(in.get(0), labels));
      check2(f, key, "distribution", x, y, in -> CrossEntropy.mean(in.get(0), in.get(1)));
      check2(f, key, "squared", x, y, in -> MeanSquaredError.mean(in.get(0), in.get(1)));
      check2(
          f,
          key,
          "squared rows",
          x,
          y,
          in -> MeanSquaredError.mean(in.get(0), in.get(1), constant(in, mask)));
      // far from the kinks at |residual| = delta, on either side
      check2(f, key, "huber inside", x, y, in -> Huber.mean(in.get(0), in.get(1), 100));
      check2(
          f,
          key,
          "huber outside",
          x,
          y,
          in -> Huber.mean(in.get(0), in.get(1), 1e-9, constant(in, mask)));
      check2(f, key, "binary", x, y, in -> BinaryCrossEntropy.mean(in.get(0), in.get(1)));
      check2(
          f,
          key,
          "binary rows",
          x,
          y,
          in -> BinaryCrossEntropy.mean(in.get(0), in.get(1), constant(in, mask)));
    }
  }

  private static double[] onesAndZeros(int rows) {
    double[] mask = new double[rows];
    for (int i = 0; i < rows; i++) {
      mask[i] = i % 2;
    }
    return mask;
  }

  private static Variable constant(List<Variable> in, Tensor mask) {
    return in.getFirst().tape().constant(mask);
  }

  private static void check(
      LayerFixture f,
      RandomKey key,
      String name,
      Tensor x,
      Function<List<Variable>, Variable> loss) {
    f.checkGradients(name, key, List.of(), List.of(x), (tape, in) -> loss.apply(in));
  }

  private static void check2(
      LayerFixture f,
      RandomKey key,
      String name,
      Tensor x,
      Tensor y,
      Function<List<Variable>, Variable> loss) {
    f.checkGradients(name, key, List.of(), List.of(x, y), (tape, in) -> loss.apply(in));
  }
}
