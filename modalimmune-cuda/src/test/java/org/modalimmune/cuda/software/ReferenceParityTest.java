package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
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
import org.modalimmune.evaluate.EpochRecord;
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
  /** A rank, its gradient and a product with its Hessian. */
  @SuppressWarnings("ArrayRecordComponent") // handed over inside a test, never compared
  private record Ranks(double value, double[] gradient, double[] product) {}

  @ParameterizedTest
  @EnumSource(DType.class)
  void ranksAndTheirDerivatives(DType dtype) {
    for (RankMeasure measure :
        List.of(new StableRank(), new ParticipationRatio(), new EntropyRank())) {
      for (Shape shape : List.of(Shape.of(40, 7), Shape.of(6, 33), Shape.of(97, 64))) {
        Ranks expected;
        Ranks actual;
        try (Backend reference = Backends.open("reference", BackendOptions.ofThreads(1));
            Backend cuda = SoftwareDevice.open("panama")) {
          expected = ranks(reference, measure, dtype, shape);
          actual = ranks(cuda, measure, dtype, shape);
        }
        String what = measure + " " + shape + " " + dtype;
        // The leading eigenvalue, made 9 times the second, keeps the condition of the derivatives
        // small.
        double u = 4096 * dtype.unitRoundoff();
        assertEquals(expected.value, actual.value, u * expected.value, what);
        close(what + " gradient", expected.gradient, actual.gradient, u);
        if (dtype == DType.FLOAT64) {
          close(what + " product", expected.product, actual.product, u);
        }
      }
    }
  }

  @Test
  void trainingWithAllOperators() {
    TrainingMethod immune =
        Methods.all(ImmuneOptions.defaults()).stream()
            .filter(m -> m.name().equals("immune"))
            .findFirst()
            .orElseThrow();
    List<EpochRecord> expectedCurve = new ArrayList<>();
    List<EpochRecord> actualCurve = new ArrayList<>();
    double[] expected;
    double[] actual;
    try (Backend reference = Backends.open("reference", BackendOptions.ofThreads(1));
        Backend cuda = SoftwareDevice.open("panama")) {
      expected = train(reference, immune, expectedCurve);
      actual = train(cuda, immune, actualCurve);
    }
    assertEquals(expectedCurve.size(), actualCurve.size());
    for (int i = 0; i < expectedCurve.size(); i++) {
      double loss = expectedCurve.get(i).trainLoss();
      assertEquals(loss, actualCurve.get(i).trainLoss(), 1e-9 * Math.abs(loss), "epoch " + i);
    }
    assertArrayEquals(expected, actual, 1e-9);
  }

  private static Ranks ranks(Backend backend, RankMeasure measure, DType dtype, Shape shape) {
    int n = (int) shape.elements();
    int columns = (int) shape.dim(1);
    SplittableRandom random = new SplittableRandom(n);
    double[] values = random.doubles(n, -1, 1).toArray();
    for (int i = 0; i < n; i += columns) {
      values[i] *= 3 * Math.sqrt(columns);
    }
    try (Scope scope = backend.newScope()) {
      Tensor z = scope.of(dtype, shape, values);
      RankGradient r = measure.evaluate(backend.ops(scope), z);
      Tensor direction = scope.of(dtype, shape, random.doubles(n, -1, 1).toArray());
      return new Ranks(
          r.value(),
          r.gradient().toDoubleArray(),
          measure.hessianVectorProduct(backend.ops(scope), z, direction).toDoubleArray());
    }
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

  private static double[] train(Backend backend, TrainingMethod method, List<EpochRecord> heard) {
    TrainingOptions options =
        new TrainingOptions(
            2, 16, 5e-3, 0.05, 1e-2, new ModelOptions(12, 6, 8, 8, 0.1, DType.FLOAT64));
    MultimodalDataset data = data();
    try (TrainedModel model =
        method.train(
            new ImmuneTrainer(backend, options),
            data.trainingData(ValidationOptions.seeded(5)),
            3,
            (record, epochs) -> heard.add(record))) {
      List<FeatureMatrix> test = model.standardizer().transform(data.testData().split());
      Presentation full = Presentation.told(PresencePattern.full(2));
      return model.predictor().probabilities(test, List.of(full)).getFirst();
    }
  }

  private static MultimodalDataset data() {
    MultimodalSplit train = rows(96, 1);
    DatasetSchema schema = new DatasetSchema(train.modalities(), List.of("x", "y", "z"));
    return new MultimodalDataset("views", schema, train, Optional.of(rows(30, 2)));
  }

  private static MultimodalSplit rows(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
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
          values[i * columns + j] = (j == labels[i] ? 2 : 0) + random.nextDouble(-1, 1);
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
