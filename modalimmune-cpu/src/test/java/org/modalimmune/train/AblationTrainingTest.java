package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.evaluate.FactorialDesign;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.Presentation;
import org.modalimmune.tensor.DType;

/** Every variant trains, and differs from another exactly where it should. */
class AblationTrainingTest {
  private static final TrainingOptions SMALL =
      new TrainingOptions(
          4, 16, 5e-3, 0.05, 1e-2, new ModelOptions(12, 6, 8, 8, 0.1, DType.FLOAT32));

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void operatorsChangeTheResultAndMaskingNeedsCollapse(String backend) {
    Ablation ablation = new Ablation(ImmuneOptions.defaults(), EnumSet.allOf(Operator.class));
    FactorialDesign design = ablation.design();
    List<double[]> results =
        IntStream.range(0, 16).mapToObj(s -> result(backend, ablation.methods().get(s))).toList();
    Set<String> distinct = new HashSet<>();
    for (int s = 0; s < 16; s++) {
      boolean collapse = design.on(s).contains("collapse");
      int unmasked = s & ~(1 << design.factors().indexOf("masking"));
      if (!collapse) {
        assertArrayEquals(results.get(unmasked), results.get(s), 0, design.runs().get(s));
      } else if (s != unmasked) {
        assertFalse(Arrays.equals(results.get(unmasked), results.get(s)), design.runs().get(s));
      }
      distinct.add(Arrays.toString(results.get(s)));
    }
    // Four variants are others with masking that masks nothing.
    assertEquals(12, distinct.size());
  }

  private static double[] result(String backendName, TrainingMethod method) {
    try (Backend backend = Backends.open(backendName, BackendOptions.ofThreads(1));
        TrainedModel model =
            method.train(
                new ImmuneTrainer(backend, SMALL),
                TwoViews.data(false).trainingData(ValidationOptions.seeded(5)),
                1,
                TrainingListener.NONE)) {
      return model
          .predictor()
          .probabilities(
              model.standardizer().transform(TwoViews.rows(10, 8, false)),
              List.of(Presentation.told(PresencePattern.full(2))))
          .getFirst();
    }
  }
}
