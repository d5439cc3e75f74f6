package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.controller.LossGain;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.masking.MaskingPart;
import org.modalimmune.nn.Parameter;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;

/** A run that was interrupted ends where the same run ends that was not, to the last bit. */
class ResumedTrainingTest {
  private static final int EPOCHS = 5;
  private static final long SEED = 3;

  @TempDir private Path folder = Path.of("");

  /** Ends a run as Ctrl-C would: between two epochs. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What two runs must agree in. */
  private record Outcome(
      List<String> names,
      List<double[]> parameters,
      List<EpochRecord> curve,
      SortedMap<String, Double> settings) {
    static Outcome of(TrainedNetwork network) {
      List<Parameter> p = network.model().parameters();
      return new Outcome(
          p.stream().map(Parameter::name).toList(),
          p.stream().map(x -> x.value().toDoubleArray()).toList(),
          network.curve(),
          network.settings());
    }

    void assertSame(Outcome other) {
      assertEquals(names, other.names);
      for (int i = 0; i < names.size(); i++) {
        assertArrayEquals(parameters.get(i), other.parameters.get(i), names.get(i));
      }
      assertEquals(curve, other.curve);
      assertEquals(settings, other.settings);
    }
  }

  static Stream<Arguments> runs() {
    List<Arguments> runs = new ArrayList<>();
    for (String backend : List.of("reference", "cpu")) {
      for (TrainingMethod simple :
          List.of(Methods.plain(), Methods.dropout(), Methods.dropoutNoise())) {
        runs.add(Arguments.of(backend, DType.FLOAT32, simple.name(), simple));
      }
      for (ControllerKind kind : ControllerKind.values()) {
        ImmuneOptions o = immune(kind, MaskingSettings.off(), HyperGradientOptions.off());
        runs.add(Arguments.of(backend, DType.FLOAT32, "controller " + kind, Methods.immune(o)));
      }
      for (DType dtype : DType.values()) {
        runs.add(Arguments.of(backend, dtype, "everything", Methods.immune(everything())));
      }
    }
    return runs.stream();
  }

  /** Two hyper-gradients an epoch, from the second epoch on. */
  private static HyperGradientOptions hyperGradient() {
    return new HyperGradientOptions(
        EnumSet.allOf(MetaGroup.class), 2, 0.2, 0.05, 0.5, 60, 0.1, 1e-4);
  }

  private static ImmuneOptions everything() {
    return immune(
        ControllerKind.HEDGE,
        MaskingSettings.of(EnumSet.allOf(MaskingPart.class)),
        hyperGradient());
  }

  /** The collapse loss is on, and the controller looks every second step. */
  private static ImmuneOptions immune(
      ControllerKind kind, MaskingSettings masking, HyperGradientOptions hyperGradient) {
    return new ImmuneOptions(
        new ImmuneOptions.Noise(0.3, 0.4),
        new ImmuneOptions.Weights(0.2, 0.8, 0.5, 0.3, 0.1, 0.2),
        2,
        0.8,
        List.of(InterventionKind.NOISE, InterventionKind.SHUFFLE, InterventionKind.ZERO_INPUT),
        new ControllerOptions(kind, LossGain.V_INFORMATION, 0.3, 0.2, 0.9, 2, 0.05, 3, 0.05),
        masking,
        hyperGradient);
  }

  private static Backend open(String name) {
    return Backends.open(name, BackendOptions.ofThreads(1));
  }

  private static Outcome train(
      String backend,
      TrainingMethod method,
      DType dtype,
      Optional<CheckpointOptions> saved,
      TrainingListener listener) {
    try (Backend opened = open(backend)) {
      ImmuneTrainer trainer = new ImmuneTrainer(opened, SmallViews.options(EPOCHS, dtype));
      try (TrainedModel model =
          method.train(
              saved.map(trainer::withCheckpoints).orElse(trainer),
              SmallViews.data(),
              SEED,
              listener)) {
        return Outcome.of((TrainedNetwork) model);
      }
    }
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("runs")
  void interruptedAfterEveryEpochInTurn(
      String backend, DType dtype, String name, TrainingMethod method) {
    final Outcome whole = train(backend, method, dtype, Optional.empty(), TrainingListener.NONE);
    Path file = folder.resolve("run");
    for (int epoch = 1; epoch < EPOCHS; epoch++) {
      CheckpointOptions options =
          epoch == 1 ? CheckpointOptions.to(file) : CheckpointOptions.resuming(file);
      assertThrows(
          Interruption.class,
          () ->
              train(
                  backend,
                  method,
                  dtype,
                  Optional.of(options),
                  (record, epochs) -> {
                    throw new Interruption();
                  }));
    }
    CheckpointOptions last = CheckpointOptions.resuming(file);
    whole.assertSame(train(backend, method, dtype, Optional.of(last), TrainingListener.NONE));
    // the last epoch is saved too: nothing is left to do
    whole.assertSame(
        train(
            backend,
            method,
            dtype,
            Optional.of(last),
            (record, epochs) -> {
              throw new Interruption();
            }));
  }

  @Test
  void everythingWasAtWorkInTheRunWithEverything() {
    Map<String, Double> settings =
        train(
                "cpu",
                Methods.immune(everything()),
                DType.FLOAT64,
                Optional.empty(),
                TrainingListener.NONE)
            .settings();
    assertTrue(settings.get("hypergradient.certified") >= 4, settings::toString);
    assertTrue(settings.get("controller.rounds") >= 8, settings::toString);
    assertTrue(settings.get("masking.shared.mean-mask") < 1, settings::toString);
  }

  /** Both ends of a run save the same, so nothing is lost that only a later epoch would miss. */
  @Test
  void theLastCheckpointsAreEqual() {
    TrainingMethod method = Methods.immune(everything());
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    train(
        "cpu",
        method,
        DType.FLOAT32,
        Optional.of(CheckpointOptions.to(whole)),
        copying(whole, 2, parts));
    train(
        "cpu",
        method,
        DType.FLOAT32,
        Optional.of(CheckpointOptions.resuming(parts)),
        TrainingListener.NONE);
    CheckpointContent one = CheckpointFile.read(whole);
    CheckpointContent other = CheckpointFile.read(parts);
    assertEquals(one.identity(), other.identity());
    assertEquals(one.tensors().keySet(), other.tensors().keySet());
    one.tensors()
        .forEach(
            (name, t) -> assertArrayEquals(t.values(), other.tensors().get(name).values(), name));
    assertEquals(timeless(one.state()), timeless(other.state()));
  }

  private static TrainingState timeless(TrainingState state) {
    SortedMap<String, double[]> arrays = new TreeMap<>(state.arrays());
    assertTrue(arrays.remove("progress.seconds")[0] > 0);
    return TrainingState.of(arrays);
  }

  private static TrainingListener copying(Path from, int epoch, Path to) {
    return (record, epochs) -> {
      if (record.epoch() == epoch) {
        try {
          Files.copy(from, to);
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  @Test
  void theListenerHearsWhatLiesBehindOnceAndThenTheRest() {
    Path file = folder.resolve("run");
    Path early = folder.resolve("early");
    final Outcome whole =
        train(
            "cpu",
            Methods.plain(),
            DType.FLOAT32,
            Optional.of(CheckpointOptions.to(file)),
            copying(file, 3, early));
    List<EpochRecord> heard = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onEpoch(EpochRecord record, int epochs) {
            heard.add(record);
          }

          @Override
          public void onResume(List<EpochRecord> curve, int epochs) {
            assertTrue(heard.isEmpty());
            assertEquals(3, curve.size());
            heard.addAll(curve);
          }
        };
    train(
        "cpu",
        Methods.plain(),
        DType.FLOAT32,
        Optional.of(CheckpointOptions.resuming(early)),
        listener);
    assertEquals(whole.curve(), heard);
  }

  @Test
  void checkpointsAppearAtTheirIntervalsAndAfterTheLastEpoch() {
    Path file = folder.resolve("run");
    List<Integer> saved = new ArrayList<>();
    train(
        "cpu",
        Methods.plain(),
        DType.FLOAT32,
        Optional.of(CheckpointOptions.to(file).withEveryEpochs(2)),
        (record, epochs) -> saved.add(Files.exists(file) ? epochsIn(file) : 0));
    assertEquals(List.of(0, 2, 2, 4, 5), saved);
  }

  private static int epochsIn(Path file) {
    return CheckpointFile.read(file).state().array("progress.train-loss").length;
  }

  @Test
  void aRunMayContinueInAnotherFile() {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    assertThrows(
        Interruption.class,
        () ->
            train(
                "cpu",
                Methods.plain(),
                DType.FLOAT32,
                Optional.of(CheckpointOptions.to(first)),
                (record, epochs) -> {
                  throw new Interruption();
                }));
    train(
        "cpu",
        Methods.plain(),
        DType.FLOAT32,
        Optional.of(new CheckpointOptions(second, 1, Optional.of(first))),
        TrainingListener.NONE);
    assertEquals(1, epochsIn(first));
    assertEquals(EPOCHS, epochsIn(second));
  }

  @Test
  void timeAddsUpOverTheParts() throws IOException {
    Path file = folder.resolve("run");
    train(
        "cpu",
        Methods.plain(),
        DType.FLOAT32,
        Optional.of(CheckpointOptions.to(file)),
        TrainingListener.NONE);
    CheckpointContent content = CheckpointFile.read(file);
    SortedMap<String, double[]> arrays = new TreeMap<>(content.state().arrays());
    arrays.put("progress.seconds", new double[] {1e6});
    Files.delete(file);
    CheckpointFile.write(
        file,
        new CheckpointContent(content.identity(), content.tensors(), TrainingState.of(arrays)));
    try (Backend backend = open("cpu");
        TrainedModel model =
            Methods.plain()
                .train(
                    new ImmuneTrainer(backend, SmallViews.options(EPOCHS, DType.FLOAT32))
                        .withCheckpoints(CheckpointOptions.resuming(file)),
                    SmallViews.data(),
                    SEED,
                    TrainingListener.NONE)) {
      assertTrue(model.seconds() >= 1e6 && model.seconds() < 1e6 + 600);
      assertEquals(EPOCHS * 5 / model.seconds(), model.stepsPerSecond(), 1e-12);
    }
  }

  @Test
  void memoryStaysFlatWithACheckpointAfterEveryEpoch() {
    List<Long> inUse = new ArrayList<>();
    try (Backend backend = open("cpu")) {
      HostAllocator memory = (HostAllocator) backend.allocator();
      Methods.immune(ImmuneOptions.defaults())
          .train(
              new ImmuneTrainer(backend, SmallViews.options(60, DType.FLOAT32))
                  .withCheckpoints(CheckpointOptions.to(folder.resolve("run"))),
              SmallViews.data(),
              SEED,
              (record, epochs) -> inUse.add(memory.statistics().bytesInUse()))
          .close();
      assertEquals(1, inUse.stream().distinct().count(), inUse::toString);
      assertEquals(0, memory.statistics().bytesInUse());
    }
  }

  /** A method of somebody's own that remembers something continues like the others. */
  @Test
  void anObjectiveOfOnesOwnContinues() {
    TrainingMethod counting =
        new SingleModelMethod("counting", "the loss grows with the steps", context -> counting());
    final Outcome whole =
        train("cpu", counting, DType.FLOAT32, Optional.empty(), TrainingListener.NONE);
    Path file = folder.resolve("run");
    Path early = folder.resolve("early");
    train(
        "cpu",
        counting,
        DType.FLOAT32,
        Optional.of(CheckpointOptions.to(file)),
        copying(file, 3, early));
    whole.assertSame(
        train(
            "cpu",
            counting,
            DType.FLOAT32,
            Optional.of(CheckpointOptions.resuming(early)),
            TrainingListener.NONE));
  }

  private static Objective counting() {
    Objective plain = new PresenceObjective(false, 0, 0);
    return new Objective() {
      private long steps;

      @Override
      public StepLoss loss(MultimodalModel model, Batch batch, RandomKey key) {
        steps++;
        StepLoss loss = plain.loss(model, batch, key);
        return StepLoss.of(Elementwise.scale(loss.total(), 1 + 1.0 / steps));
      }

      @Override
      public TrainingState state() {
        return TrainingState.of(Map.of("steps", new double[] {steps}));
      }

      @Override
      public void restore(TrainingState state) {
        steps = state.count("steps");
      }
    };
  }
}
