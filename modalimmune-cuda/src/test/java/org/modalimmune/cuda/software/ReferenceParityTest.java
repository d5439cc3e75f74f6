package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.collapse.EntropyRank;
import org.modalimmune.collapse.ParticipationRatio;
import org.modalimmune.collapse.RankGradient;
import org.modalimmune.collapse.RankMeasure;
import org.modalimmune.collapse.StableRank;
import org.modalimmune.data.DatasetSchema;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Modality;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.Presentation;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;
import org.modalimmune.train.ImmuneOptions;
import org.modalimmune.train.ImmuneTrainer;
import org.modalimmune.train.Methods;
import org.modalimmune.train.ModelOptions;
import org.modalimmune.train.TrainedModel;
import org.modalimmune.train.TrainingMethod;
import org.modalimmune.train.TrainingOptions;

/** The operators, and training with all of them, give the numbers that {@code reference} gives. */
class ReferenceParityTest {
  private static final RankMeasure STABLE = new StableRank();
  private static final RankMeasure PARTICIPATION = new ParticipationRatio();
  private static final RankMeasure ENTROPY = new EntropyRank();

  /** Roundings that the bounds of ranks allow one backend; two may lie on opposite sides. */
  private static final double RANK = 2 * 256;

  /** Roundings of a training step that lie behind one another. */
  private static final double STEP = 256;

  private static final int ROWS = 96;

  /** At most, in two epochs of batches of 16. */
  private static final double STEPS = 2 * ROWS / 16.0;

  /** A relative change of the data, small beside them and large beside float64's roundings. */
  private static final double CHANGE = 0x1p-30;

  /** A rank, its gradient and a product with its Hessian. */
  @SuppressWarnings("ArrayRecordComponent") // handed over inside a test, never compared
  private record Ranks(double value, double[] gradient, double[] product) {}

  /** Ratios of the largest eigenvalue to the first gap, and to the smallest eigenvalue. */
  private record Conditions(double direction, double spectrum) {
    static Conditions of(Backend backend, Shape shape) {
      try (Scope scope = backend.newScope()) {
        Tensor z = scope.of(DType.FLOAT64, shape, draws(shape));
        Ops ops = backend.ops(scope);
        Tensor mean = ops.affine(ops.reduce(ReduceOp.SUM, z, 0), 1.0 / shape.dim(0), 0);
        Tensor centred = ops.binary(BinaryOp.SUBTRACT, z, mean);
        Tensor gram = ops.matmul(centred.transpose(0, 1), centred);
        double[] l = ops.symmetricEigen(gram).values().toDoubleArray();
        return new Conditions(l[0] / (l[0] - l[1]), l[0] / l[l.length - 1]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void ranksAndTheirDerivatives(DType dtype) {
    try (Backend reference = Backends.open("reference", BackendOptions.ofThreads(1));
        Backend cuda = SoftwareDevice.open("panama", "fusion", "off")) {
      for (Shape shape : List.of(Shape.of(40, 7), Shape.of(6, 33), Shape.of(97, 64))) {
        Conditions conditions = Conditions.of(reference, shape);
        for (RankMeasure measure : List.of(STABLE, PARTICIPATION, ENTROPY)) {
          Ranks expected = ranks(reference, measure, dtype, shape);
          Ranks actual = ranks(cuda, measure, dtype, shape);
          String what = measure + " " + shape + " " + dtype;
          double u = RANK * dtype.unitRoundoff();
          double turned = conditions.direction;
          assertEquals(expected.value, actual.value, u * expected.value, what);
          close(what + " gradient", expected.gradient, actual.gradient, u * turned);
          double bound = u * turned * turned;
          // without variance in some direction the entropy's curvature is that of its
          // regularisation
          if (measure.equals(ENTROPY) && shape.dim(0) <= shape.dim(1)) {
            continue;
          }
          if (measure.equals(ENTROPY)) {
            bound *= conditions.spectrum;
          }
          close(what + " product", expected.product, actual.product, bound);
        }
      }
    }
  }

  /** What training gives. */
  @SuppressWarnings("ArrayRecordComponent") // handed over inside a test, never compared
  private record Outcome(double[] losses, double[] probabilities) {
    /** Largest differences of the losses, relatively, and of the probabilities. */
    double[] distance(Outcome other) {
      assertEquals(losses.length, other.losses.length);
      double loss = 0;
      for (int i = 0; i < losses.length; i++) {
        loss = Math.max(loss, Math.abs(losses[i] - other.losses[i]) / Math.abs(losses[i]));
      }
      double probability = 0;
      for (int i = 0; i < probabilities.length; i++) {
        double off = Math.abs(probabilities[i] - other.probabilities[i]);
        probability = Math.max(probability, Double.isNaN(off) ? Double.POSITIVE_INFINITY : off);
      }
      return new double[] {loss, probability};
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void trainingWithAllOperators(DType dtype) {
    Outcome wide;
    Outcome changed;
    Outcome expected;
    Outcome actual;
    try (Backend reference = Backends.open("reference", BackendOptions.ofThreads(1));
        // each chain of one type is compiled; those of the other are shown to give the same bits
        Backend cuda =
            SoftwareDevice.open("panama", "fusion", dtype == DType.FLOAT64 ? "on" : "off")) {
      wide = train(reference, DType.FLOAT64, 0);
      changed = train(reference, DType.FLOAT64, CHANGE);
      expected = dtype == DType.FLOAT64 ? wide : train(reference, dtype, 0);
      actual = train(cuda, dtype, 0);
    }
    double[] growth = wide.distance(changed);
    double[] off = expected.distance(actual);
    for (int i = 0; i < off.length; i++) {
      double condition = Math.max(1, growth[i] / CHANGE);
      double bound = 2 * STEPS * STEP * condition * dtype.unitRoundoff();
      String what = dtype + (i == 0 ? " losses" : " probabilities") + ", condition " + condition;
      assertTrue(off[i] <= bound, what + ": " + off[i] + " > " + bound);
    }
  }

  private static Ranks ranks(Backend backend, RankMeasure measure, DType dtype, Shape shape) {
    try (Scope scope = backend.newScope()) {
      Tensor z = scope.of(dtype, shape, draws(shape));
      RankGradient r = measure.evaluate(backend.ops(scope), z);
      double[] along = new SplittableRandom(1).doubles(shape.elements(), -1, 1).toArray();
      Tensor direction = scope.of(dtype, shape, along);
      return new Ranks(
          r.value(),
          r.gradient().toDoubleArray(),
          measure.hessianVectorProduct(backend.ops(scope), z, direction).toDoubleArray());
    }
  }

  /** Uniform draws, the first column so wide that the leading eigenvalue stands out. */
  private static double[] draws(Shape shape) {
    int columns = (int) shape.dim(1);
    double[] values = new SplittableRandom(columns).doubles(shape.elements(), -1, 1).toArray();
    for (int i = 0; i < values.length; i += columns) {
      values[i] *= 3 * Math.sqrt(columns);
    }
    return values;
  }

  private static void close(String what, double[] expected, double[] actual, double bound) {
    double largest = 1;
    for (double e : expected) {
      largest = Math.max(largest, Math.abs(e));
    }
    for (int i = 0; i < expected.length; i++) {
      String where = what + " [" + i + "] " + actual[i] + " for " + expected[i];
      assertTrue(Math.abs(actual[i] - expected[i]) <= bound * largest, where);
    }
  }

  private static Outcome train(Backend backend, DType dtype, double change) {
    TrainingMethod immune =
        Methods.all(ImmuneOptions.defaults()).stream()
            .filter(m -> m.name().equals("immune"))
            .findFirst()
            .orElseThrow();
    TrainingOptions options =
        new TrainingOptions(2, 16, 5e-3, 0.05, 1e-2, new ModelOptions(12, 6, 8, 8, 0.1, dtype));
    MultimodalDataset data = data(change);
    List<Double> losses = new ArrayList<>();
    try (TrainedModel model =
        immune.train(
            new ImmuneTrainer(backend, options),
            data.trainingData(ValidationOptions.seeded(5)),
            3,
            (record, epochs) -> losses.add(record.trainLoss()))) {
      List<FeatureMatrix> test = model.standardizer().transform(data.testData().split());
      Presentation full = Presentation.told(PresencePattern.full(2));
      return new Outcome(
          losses.stream().mapToDouble(Double::doubleValue).toArray(),
          model.predictor().probabilities(test, List.of(full)).getFirst());
    }
  }

  /** Two views of 96 rows, each element changed relatively by {@code change} at most. */
  private static MultimodalDataset data(double change) {
    MultimodalSplit train = rows(ROWS, 1, change);
    DatasetSchema schema = new DatasetSchema(train.modalities(), List.of("x", "y", "z"));
    return new MultimodalDataset("views", schema, train, Optional.of(rows(30, 2, 0)));
  }

  private static MultimodalSplit rows(int count, long seed, double change) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom changes = new SplittableRandom(7);
    List<Modality> modalities =
        List.of(
            new Modality("a", List.of("a0", "a1", "a2", "a3")),
            new Modality("b", List.of("b0", "b1", "b2")));
    int[] labels = IntStream.range(0, count).map(i -> i % 3).toArray();
    List<FeatureMatrix> features = new ArrayList<>();
    for (Modality modality : modalities) {
      int columns = modality.columnNames().size();
      double[] values = new double[count * columns];
      boolean[] present = new boolean[count];
      for (int i = 0; i < count; i++) {
        present[i] = true;
        for (int j = 0; j < columns; j++) {
          double value = (j == labels[i] ? 2 : 0) + random.nextDouble(-1, 1);
          values[i * columns + j] = value * (1 + change * changes.nextDouble(-1, 1));
        }
      }
      features.add(FeatureMatrix.of(modality.columnNames(), values, present));
    }
    return new MultimodalSplit(
        modalities,
        features,
        labels,
        IntStream.range(0, count).mapToObj(Integer::toString).toList(),
        Optional.empty());
  }
}
