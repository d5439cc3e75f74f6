package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.data.DatasetSchema;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Modality;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.TrainingData;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.nn.Parameter;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;

/** Whole runs of the immune method with the hyper-gradient on. */
class HyperGradientTrainingTest {
  private static final Set<MetaGroup> ALL = EnumSet.allOf(MetaGroup.class);

  /** Where each setting starts. */
  private static final Map<String, Double> STARTS =
      Map.ofEntries(
          Map.entry("noise.isotropic.a", 0.3),
          Map.entry("noise.isotropic.b", 0.3),
          Map.entry("noise.spectral.a", 0.4),
          Map.entry("noise.spectral.b", 0.4),
          Map.entry("severity", 0.7),
          Map.entry("weight.full", 0.2),
          Map.entry("weight.distillation", 0.5),
          Map.entry("weight.silent", 0.1),
          Map.entry("weight.pattern.1", 1.0),
          Map.entry("weight.pattern.10", 1.0),
          Map.entry("decay.encoder.a", 0.01),
          Map.entry("decay.encoder.b", 0.01),
          Map.entry("decay.shared", 0.01));

  private static TrainingData data() {
    RandomStream random = new RandomStream(RandomKey.of(1));
    List<Modality> modalities =
        List.of(
            new Modality("a", List.of("a0", "a1", "a2")), new Modality("b", List.of("b0", "b1")));
    int[] labels = new int[60];
    Arrays.setAll(labels, i -> i % 3);
    List<FeatureMatrix> features = new ArrayList<>();
    for (Modality m : modalities) {
      double[] values = new double[60 * m.columns()];
      for (int i = 0; i < values.length; i++) {
        boolean own = i % m.columns() == labels[i / m.columns()];
        values[i] = (own ? 2 : 0) + random.nextGaussian();
      }
      features.add(FeatureMatrix.of(m.columnNames(), values));
    }
    MultimodalSplit split =
        new MultimodalSplit(
            modalities,
            features,
            labels,
            IntStream.range(0, 60).mapToObj(Integer::toString).toList(),
            Optional.empty());
    DatasetSchema schema = new DatasetSchema(modalities, List.of("x", "y", "z"));
    return new MultimodalDataset("views", schema, split, Optional.empty())
        .trainingData(ValidationOptions.seeded(5));
  }

  private static TrainingOptions loop(int epochs, double rate) {
    return new TrainingOptions(
        epochs, 17, rate, 0.05, 1e-2, new ModelOptions(6, 4, 5, 4, 0.1, DType.FLOAT32));
  }

  /** Everything at once, the collapse loss and its memory too; severity inside its range. */
  private static ImmuneOptions immune(HyperGradientOptions hyperGradient) {
    ImmuneOptions d = ImmuneOptions.defaults();
    ImmuneOptions.Weights w = d.weights();
    return new ImmuneOptions(
        d.noise(),
        new ImmuneOptions.Weights(
            w.full(), w.pattern(), w.distillation(), w.silent(), w.reconstruction(), 0.05),
        3,
        0.7,
        List.of(InterventionKind.values()),
        d.controller(),
        d.masking(),
        hyperGradient);
  }

  private static HyperGradientOptions every(int interval, int maxProducts, double length) {
    return new HyperGradientOptions(ALL, interval, 0.05, 0.01, 0.08, maxProducts, length, 1e-4);
  }

  /**
   * What a run leaves.
   *
   * @param parameters of the selected epoch
   * @param settings as reported
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by hand
  private record Outcome(double[] parameters, Map<String, Double> settings) {}

  private static Outcome run(String backendName, ImmuneOptions options, int epochs) {
    try (Backend backend = Backends.open(backendName, BackendOptions.ofThreads(1));
        TrainedNetwork network =
            new ImmuneTrainer(backend, loop(epochs, 5e-3))
                .train(
                    data(),
                    "immune",
                    context -> new ImmuneObjective(options, context),
                    3,
                    TrainingListener.NONE)) {
      List<Parameter> all = network.model().parameters();
      return new Outcome(ImmuneFixture.flat(all), network.settings());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void aSolveThatIsNeverCertifiedLeavesNoTrace(String backend) {
    HyperGradientOptions one = every(2, 1, 0.1);
    HyperGradientOptions never = new HyperGradientOptions(ALL, 2, 1, 0.01, 0.08, 1, 0.1, 1e-4);
    Outcome untried = run(backend, immune(never), 6);
    Outcome uncertified = run(backend, immune(one), 6);
    assertArrayEquals(untried.parameters(), uncertified.parameters());
    assertEquals(0, untried.settings().get("hypergradient.attempts"));
    // 51 rows in batches of 17 are 18 steps; 2, 4, ... 16
    assertEquals(8, uncertified.settings().get("hypergradient.attempts"));
    assertEquals(0, uncertified.settings().get("hypergradient.certified"));
    for (String name : STARTS.keySet()) {
      assertEquals(STARTS.get(name), uncertified.settings().get(name), 1e-15, name);
    }
  }

  @Test
  void adaptingNothingIsARunWithout() {
    Outcome off = run("cpu", immune(HyperGradientOptions.off()), 6);
    Outcome nothing = run("cpu", immune(every(1, 60, 0.1).adapting(Set.of())), 6);
    assertArrayEquals(off.parameters(), nothing.parameters());
    assertEquals(off.settings(), nothing.settings());
    assertTrue(
        off.settings().keySet().stream().allMatch(k -> k.startsWith("controller")),
        off.settings()::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void aRunIsReproducibleAndMovesWhatItMay(String backend) {
    Outcome first = run(backend, immune(every(2, 60, 0.1)), 6);
    Outcome second = run(backend, immune(every(2, 60, 0.1)), 6);
    assertArrayEquals(first.parameters(), second.parameters());
    assertEquals(first.settings(), second.settings());
    assertEquals(8, first.settings().get("hypergradient.certified"), first.settings()::toString);
    assertTrue(first.settings().get("hypergradient.products-per-attempt") >= 2);
    STARTS.forEach(
        (name, start) ->
            assertTrue(Math.abs(first.settings().get(name) - start) > 1e-3 * start, name));
    Outcome off = run(backend, immune(HyperGradientOptions.off()), 6);
    assertFalse(Arrays.equals(off.parameters(), first.parameters()));
  }

  @Test
  void greatStepsStopAtTheLimits() {
    Map<String, Double> s = run("cpu", immune(every(1, 60, 50)), 8).settings();
    int atLimit = 0;
    for (Map.Entry<String, Double> start : STARTS.entrySet()) {
      String name = start.getKey();
      if (!name.equals("severity")) {
        double factor = Math.abs(Math.log(s.get(name) / start.getValue()));
        double range = Math.log(range(name));
        // up to the rounding of a logarithm and an exponential
        assertTrue(factor <= range + 1e-13, name + " " + s.get(name));
        atLimit += factor > range - 1e-13 ? 1 : 0;
      }
    }
    assertTrue(atLimit > 0, s::toString);
    assertTrue(s.get("severity") >= 0.02 - 1e-15 && s.get("severity") <= 0.98 + 1e-15);
  }

  private static double range(String name) {
    return switch (name.substring(0, name.lastIndexOf('.'))) {
      case "noise.isotropic", "noise.spectral" -> 10;
      case "weight" -> 8;
      case "weight.pattern" -> 20;
      default -> 100;
    };
  }

  @Test
  void aThousandStepsKeepMemoryFlat() {
    List<Long> inUse = new ArrayList<>();
    try (Backend backend = Backends.open("cpu", BackendOptions.ofThreads(1))) {
      HostAllocator memory = (HostAllocator) backend.allocator();
      // three steps an epoch
      new ImmuneTrainer(backend, loop(334, 5e-3))
          .train(
              data(),
              "immune",
              context -> new ImmuneObjective(immune(every(10, 60, 0.1)), context),
              1,
              (record, epochs) -> inUse.add(memory.statistics().bytesInUse()))
          .close();
      assertEquals(334, inUse.size());
      assertEquals(1, inUse.stream().distinct().count(), inUse::toString);
      assertEquals(0, memory.statistics().bytesInUse());
    }
  }

  @Test
  void aRunThatDivergesSaysSo() {
    for (HyperGradientOptions some : List.of(every(1, 60, 0.1), HyperGradientOptions.off())) {
      ImmuneOptions options = immune(some);
      try (Backend backend = Backends.open("reference", BackendOptions.ofThreads(1))) {
        // the first step of this length overflows float32
        ImmuneTrainer trainer = new ImmuneTrainer(backend, loop(3, 1e30));
        String message =
            assertThrows(
                    TrainingDivergedException.class,
                    () ->
                        trainer.train(
                            data(),
                            "immune",
                            context -> new ImmuneObjective(options, context),
                            1,
                            TrainingListener.NONE))
                .getMessage();
        assertTrue(message.contains("learning rate"), message);
        assertTrue(message.contains("step 1"), message);
      }
    }
  }
}
