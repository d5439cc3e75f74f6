package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.data.DatasetSchema;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Modality;
import org.modalimmune.data.MultimodalDataset;
import org.modalimmune.data.MultimodalSplit;
import org.modalimmune.data.TrainingData;
import org.modalimmune.data.ValidationOptions;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.evaluate.Presentation;
import org.modalimmune.io.DataException;
import org.modalimmune.io.SafetensorsFile;
import org.modalimmune.io.SafetensorsWriter;
import org.modalimmune.nn.Parameter;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;

/** A model file gives back the same bits, and refuses whatever is not exactly one. */
class ModelFileTest {
  private static final int ROWS = 24;

  private static Path folder = Path.of("");

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("model-file");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 25)
  void bitsSurvive(
      @ForAll @IntRange(min = 1, max = 4) int modalities,
      @ForAll @IntRange(min = 2, max = 4) int classes,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll DType dtype,
      @ForAll long seed)
      throws IOException {
    Path file = folder.resolve("model.safetensors");
    try (Backend backend = open();
        TrainedNetwork saved = train(backend, modalities, classes, width, dtype, seed)) {
      ModelFile.save(file, saved, "a test");
      try (TrainedNetwork loaded = ModelFile.load(file, backend)) {
        assertEquals(saved.schema(), loaded.schema());
        assertEquals(saved.model().options(), loaded.model().options());
        assertEquals(saved.model().modalities(), loaded.model().modalities());
        assertEquals(saved.method(), loaded.method());
        assertEquals(seed, loaded.seed());
        assertEquals(saved.curve(), loaded.curve());
        assertEquals(saved.settings(), loaded.settings());
        assertEquals(saved.seconds(), loaded.seconds());
        assertEquals(saved.stepsPerSecond(), loaded.stepsPerSecond());
        List<Parameter> before = saved.model().parameters();
        List<Parameter> after = loaded.model().parameters();
        assertEquals(
            before.stream().map(Parameter::name).toList(),
            after.stream().map(Parameter::name).toList());
        for (int i = 0; i < before.size(); i++) {
          assertArrayEquals(
              before.get(i).value().toDoubleArray(), after.get(i).value().toDoubleArray());
        }
        MultimodalSplit rows = rows(modalities, classes, seed + 1);
        List<Presentation> full = List.of(Presentation.told(PresencePattern.full(modalities)));
        assertArrayEquals(
            saved.predictor().probabilities(saved.standardizer().transform(rows), full).getFirst(),
            loaded
                .predictor()
                .probabilities(loaded.standardizer().transform(rows), full)
                .getFirst());
        assertEquals(
            MultimodalModel.parameterCount(
                saved.model().modalities(), classes, saved.model().options()),
            before.stream().mapToLong(p -> p.value().elements()).sum());
      }
    }
  }

  @Property(tries = 1)
  void everyTruncationIsRefused() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    Path cut = folder.resolve("cut.safetensors");
    try (Backend backend = open()) {
      write(backend, file);
      byte[] bytes = Files.readAllBytes(file);
      for (int length = 0; length < bytes.length; length += 1 + bytes.length / 200) {
        Files.write(cut, Arrays.copyOf(bytes, length));
        refused(backend, cut, "cut.safetensors");
      }
      Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
      refused(backend, cut, "cut.safetensors");
    }
  }

  /** A model file as parts that a test can spoil. */
  private record Parts(Map<String, String> metadata, Map<String, Values> tensors) {}

  private static final class Values {
    private final List<Long> shape;
    private final double[] values;
    private final boolean integer;

    Values(List<Long> shape, double[] values, boolean integer) {
      this.shape = shape;
      this.values = values;
      this.integer = integer;
    }
  }

  @Property(tries = 1)
  void everyMissingOrStrangePartIsRefused() throws IOException {
    Path file = folder.resolve("good.safetensors");
    try (Backend backend = open()) {
      write(backend, file);
      Parts good = read(file);
      for (String name : good.tensors().keySet()) {
        spoilt(backend, file, p -> p.tensors().remove(name), name.startsWith("st") ? name : "");
        spoilt(
            backend,
            file,
            p ->
                p.tensors()
                    .compute(
                        name,
                        (n, t) ->
                            new Values(
                                List.of(1L, (long) good.tensors().get(n).values.length),
                                good.tensors().get(n).values,
                                good.tensors().get(n).integer)),
            good.tensors().get(name).shape.size() == 2
                    && good.tensors().get(name).shape.getFirst() == 1
                ? ""
                : name);
        if (!good.tensors().get(name).integer) {
          spoilt(backend, file, p -> p.tensors().get(name).values[0] = Double.NaN, "NaN");
        }
      }
      for (String name : List.of("format", "formatVersion", "data", "model", "training")) {
        spoilt(backend, file, p -> p.metadata().remove(name), "");
        spoilt(backend, file, p -> p.metadata().put(name, "7"), "");
      }
      spoilt(
          backend,
          file,
          p -> p.tensors().put("extra", new Values(List.of(1L), new double[] {1}, false)),
          "parameters");
      spoilt(backend, file, p -> replace(p, "\"embedding\":3", "\"embedding\":4"), "parameters");
      spoilt(
          backend,
          file,
          p -> replace(p, "\"embedding\":3", "\"embedding\":2147483647"),
          "parameters");
      spoilt(
          backend,
          file,
          p -> replace(p, "\"fusionHidden\":3", "\"fusionHidden\":0"),
          "fusionHidden");
      spoilt(backend, file, p -> replace(p, "FLOAT32", "FLOAT16"), "FLOAT16");
      spoilt(
          backend,
          file,
          p -> p.tensors().get("standardizer.m0.columns").values[0] = 1e9,
          "kept columns");
      spoilt(backend, file, p -> p.tensors().get("standardizer.m0.std").values[0] = 0, "deviation");
    }
  }

  private static void replace(Parts parts, String from, String to) {
    parts.metadata().replaceAll((key, text) -> text.replace(from, to));
  }

  private static void spoilt(Backend backend, Path good, Consumer<Parts> damage, String fragment)
      throws IOException {
    Parts parts = read(good);
    damage.accept(parts);
    SafetensorsWriter writer = new SafetensorsWriter();
    parts.metadata().forEach(writer::metadata);
    for (Map.Entry<String, Values> tensor : parts.tensors().entrySet()) {
      Values v = tensor.getValue();
      if (v.integer) {
        writer.add(
            tensor.getKey(), v.shape, Arrays.stream(v.values).mapToLong(x -> (long) x).toArray());
      } else if (tensor.getKey().startsWith("standardizer.")) {
        writer.add(tensor.getKey(), v.shape, v.values);
      } else {
        float[] floats = new float[v.values.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) v.values[i];
        }
        writer.add(tensor.getKey(), v.shape, floats);
      }
    }
    Path file = folder.resolve("spoilt.safetensors");
    writer.write(file);
    refused(backend, file, fragment);
  }

  private static Parts read(Path file) throws IOException {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      Map<String, Values> tensors = new LinkedHashMap<>();
      for (String name : stored.entries().keySet()) {
        tensors.put(
            name,
            new Values(
                stored.entry(name).orElseThrow().shape(),
                stored.readDoubles(name),
                !stored.entry(name).orElseThrow().type().isFloating()));
      }
      return new Parts(new LinkedHashMap<>(stored.metadata()), tensors);
    }
  }

  private static void refused(Backend backend, Path file, String fragment) {
    DataException refusal =
        assertThrows(DataException.class, () -> ModelFile.load(file, backend).close());
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.startsWith(file.toString()), message);
    assertTrue(message.contains(fragment), fragment + " is not in: " + message);
    assertEquals(1, message.lines().count(), message);
  }

  private static Backend open() {
    return Backends.open("reference", BackendOptions.ofThreads(1));
  }

  private static void write(Backend backend, Path file) throws IOException {
    try (TrainedNetwork network = train(backend, 2, 2, 3, DType.FLOAT32, 1)) {
      ModelFile.save(file, network);
    }
  }

  private static TrainedNetwork train(
      Backend backend, int modalities, int classes, int width, DType dtype, long seed) {
    MultimodalSplit train = rows(modalities, classes, seed);
    TrainingData data =
        new MultimodalDataset(
                "views",
                new DatasetSchema(
                    train.modalities(),
                    IntStream.range(0, classes).mapToObj(c -> "c\"" + c).toList()),
                train,
                Optional.empty())
            .trainingData(ValidationOptions.seeded(0));
    TrainingOptions options =
        new TrainingOptions(
            2, 8, 1e-3, 0.05, 1e-2, new ModelOptions(width + 1, width, width, width, 0.1, dtype));
    TrainedModel model =
        Methods.plain()
            .train(new ImmuneTrainer(backend, options), data, seed, TrainingListener.NONE);
    return (TrainedNetwork) model;
  }

  /** Every modality has a constant column, which standardisation drops. */
  private static MultimodalSplit rows(int modalities, int classes, long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    List<Modality> names = new ArrayList<>();
    List<FeatureMatrix> features = new ArrayList<>();
    for (int m = 0; m < modalities; m++) {
      Modality modality = new Modality("m" + m, List.of("größe", "constant", "b,\n" + m));
      double[] values = new double[ROWS * 3];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % 3 == 1 ? 4 : random.nextGaussian();
      }
      names.add(modality);
      features.add(FeatureMatrix.of(modality.columnNames(), values));
    }
    return new MultimodalSplit(
        names,
        features,
        IntStream.range(0, ROWS).map(i -> i % classes).toArray(),
        IntStream.range(0, ROWS).mapToObj(Integer::toString).toList(),
        Optional.empty());
  }
}
