package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.TrainingData;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.evaluate.Environment;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.evaluate.MethodReport;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.Presentation;
import org.modalimmune.evaluate.Report;
import org.modalimmune.tensor.DType;

class ImmuneTrainerTest {
  private static final TrainingOptions SMALL =
      new TrainingOptions(
          24, 16, 5e-3, 0.05, 1e-2, new ModelOptions(12, 6, 8, 8, 0.1, DType.FLOAT32));

  private static TrainingData training(boolean holes) {
    return TwoViews.data(holes).trainingData(ValidationOptions.seeded(5));
  }

  private static Backend open() {
    return Backends.open("reference", BackendOptions.ofThreads(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "dropout", "dropout-noise", "immune", "specialists"})
  void everyMethodLearns(String name) {
    TrainingMethod method =
        Methods.all(ImmuneOptions.defaults()).stream()
            .filter(m -> m.name().equals(name))
            .findFirst()
            .orElseThrow();
    MultimodalDataset data = TwoViews.data(false);
    List<EpochRecord> heard = new ArrayList<>();
    try (Backend backend = open();
        TrainedModel model =
            method.train(
                new ImmuneTrainer(backend, SMALL),
                training(false),
                3,
                (record, epochs) -> heard.add(record))) {
      assertEquals(SMALL.epochs(), model.curve().size());
      assertTrue(heard.containsAll(model.curve()));
      List<FeatureMatrix> test = model.standardizer().transform(data.testData().split());
      Presentation full = Presentation.told(PresencePattern.full(2));
      double[] p = model.predictor().probabilities(test, List.of(full)).getFirst();
      int right = 0;
      for (int i = 0; i < 90; i++) {
        int best = 0;
        for (int c = 1; c < 3; c++) {
          best = p[i * 3 + c] > p[i * 3 + best] ? c : best;
        }
        right += best == data.testData().split().labels()[i] ? 1 : 0;
      }
      assertTrue(right >= 80, name + " got " + right + " of 90 right");
    }
  }

  @Test
  void rowsThatLackAModalityTrainAndPredict() {
    try (Backend backend = open();
        TrainedModel model =
            Methods.immune(ImmuneOptions.defaults())
                .train(
                    new ImmuneTrainer(backend, SMALL), training(true), 3, TrainingListener.NONE)) {
      MultimodalSplit holes = TwoViews.rows(20, 9, true);
      List<FeatureMatrix> x = model.standardizer().transform(holes);
      List<double[]> p =
          model
              .predictor()
              .probabilities(
                  x,
                  List.of(
                      Presentation.told(PresencePattern.full(2)),
                      Presentation.told(PresencePattern.only(1, 2))));
      // row 0 lacks modality 0 by itself, so hiding it changes nothing
      for (int c = 0; c < 3; c++) {
        assertEquals(p.get(0)[c], p.get(1)[c], 0);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedDoesNot() {
    TrainingMethod method = Methods.immune(ImmuneOptions.defaults());
    List<double[]> results = new ArrayList<>();
    for (long seed : new long[] {4, 4, 5}) {
      try (Backend backend = open();
          TrainedModel model =
              method.train(
                  new ImmuneTrainer(backend, SMALL),
                  training(false),
                  seed,
                  TrainingListener.NONE)) {
        List<FeatureMatrix> x = model.standardizer().transform(TwoViews.rows(10, 8, false));
        results.add(
            model
                .predictor()
                .probabilities(x, List.of(Presentation.told(PresencePattern.full(2))))
                .getFirst());
      }
    }
    assertArrayEquals(results.get(0), results.get(1), 0);
    assertTrue(results.get(0)[0] != results.get(2)[0]);
  }

  @Test
  void theNumberOfWorkersChangesNoFigure() throws InterruptedException {
    List<MethodReport> one = compare(1).methods();
    List<MethodReport> three = compare(3).methods();
    for (int i = 0; i < one.size(); i++) {
      assertEquals(one.get(i).patterns(), three.get(i).patterns());
      assertEquals(one.get(i).corruptions(), three.get(i).corruptions());
      assertEquals(one.get(i).reconstruction(), three.get(i).reconstruction());
    }
  }

  private static Report compare(int workers) throws InterruptedException {
    ComparisonListener quiet =
        new ComparisonListener() {
          @Override
          public void onEpoch(String method, long seed, EpochRecord record, int epochs) {}

          @Override
          public void onRun(String method, long seed, int finished, int total) {}
        };
    return new ComparisonRun(
            TwoViews.data(false),
            List.of(Methods.plain(), Methods.immune(ImmuneOptions.defaults())),
            List.of(0L, 1L),
            new TrainingOptions(2, 32, 5e-3, 0.05, 1e-2, SMALL.model()),
            0.15)
        .run(
            ImmuneTrainerTest::open,
            workers,
            new Environment("reference", "", "", workers, ""),
            quiet)
        .build();
  }

  @Test
  void tenThousandStepsKeepMemoryFlat() {
    // 136 training rows in batches of 16 are nine steps an epoch
    TrainingOptions many = new TrainingOptions(1112, 16, 5e-3, 0.05, 1e-2, SMALL.model());
    List<Long> inUse = new ArrayList<>();
    try (Backend backend = Backends.open("cpu", BackendOptions.ofThreads(1))) {
      HostAllocator memory = (HostAllocator) backend.allocator();
      Methods.immune(ImmuneOptions.defaults())
          .train(
              new ImmuneTrainer(backend, many),
              training(false),
              1,
              (record, epochs) -> inUse.add(memory.statistics().bytesInUse()))
          .close();
      assertEquals(1112, inUse.size());
      assertEquals(1, inUse.stream().distinct().count(), inUse::toString);
      assertEquals(0, memory.statistics().bytesInUse());
    }
  }

  @Test
  void aLossThatIsNotFiniteStopsTrainingAndSaysWhere() {
    ObjectiveFactory broken =
        context ->
            (model, batch, key) ->
                StepLoss.of(batch.tape().constant(Double.NaN, model.options().dtype()));
    try (Backend backend = open()) {
      TrainingDivergedException e =
          assertThrows(
              TrainingDivergedException.class,
              () ->
                  new ImmuneTrainer(backend, SMALL)
                      .train(training(false), "broken", broken, 1, TrainingListener.NONE));
      assertTrue(e.getMessage().contains("broken") && e.getMessage().contains("epoch 1"));
    }
  }
}
