package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.data.Modality;
import org.modalimmune.data.TrainingData;
import org.modalimmune.io.DataException;
import org.modalimmune.io.SafetensorsWriter;
import org.modalimmune.io.StoredType;
import org.modalimmune.masking.MaskingPart;
import org.modalimmune.nn.Parameter;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;

/** Only an undamaged checkpoint of the very same run is continued, and none is lost. */
class CheckpointFileTest {
  private static final int EPOCHS = 3;
  private static final TrainingOptions OPTIONS = SmallViews.options(EPOCHS, DType.FLOAT32);
  private static final TrainingMethod METHOD = Methods.immune(ImmuneOptions.defaults());

  private static Path folder = Path.of("");
  private static Path file = Path.of("");
  private static byte[] bytes = {};

  @BeforeContainer
  static void trainOnce() throws IOException {
    folder = Files.createTempDirectory("checkpoint");
    file = folder.resolve("run");
    train("reference", OPTIONS, METHOD, SmallViews.data(), 1, CheckpointOptions.to(file));
    bytes = Files.readAllBytes(file);
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path f : files.toList()) {
        Files.delete(f);
      }
    }
    Files.delete(folder);
  }

  private static void train(
      String backend,
      TrainingOptions options,
      TrainingMethod method,
      TrainingData data,
      long seed,
      CheckpointOptions saved) {
    try (Backend opened = Backends.open(backend, BackendOptions.ofThreads(1))) {
      method
          .train(
              new ImmuneTrainer(opened, options).withCheckpoints(saved),
              data,
              seed,
              TrainingListener.NONE)
          .close();
    }
  }

  private static void refused(DataException refusal, Path place, String... fragments) {
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(place.toString()), message);
    assertEquals(1, message.lines().count(), message);
    for (String fragment : fragments) {
      assertTrue(message.contains(fragment), fragment + " is not in: " + message);
    }
  }

  @Property(tries = 400)
  void everyFlippedBitIsRefused(
      @ForAll @IntRange(max = Integer.MAX_VALUE) int at, @ForAll @IntRange(max = 7) int bit)
      throws IOException {
    Path damaged = folder.resolve("flipped");
    byte[] flipped = bytes.clone();
    flipped[at % flipped.length] ^= (byte) (1 << bit);
    Files.write(damaged, flipped);
    refused(assertThrows(DataException.class, () -> CheckpointFile.read(damaged)), damaged);
  }

  @Property(tries = 1)
  void everyFlippedBitOfTheHeaderIsRefused() throws IOException {
    Path damaged = folder.resolve("header");
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    for (int at = 0; at < Long.BYTES + header; at += at < 64 ? 1 : 37) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      Files.write(damaged, flipped);
      refused(
          assertThrows(DataException.class, () -> CheckpointFile.read(damaged), "byte " + at),
          damaged);
    }
  }

  @Property(tries = 1)
  void everyTruncationIsRefused() throws IOException {
    Path cut = folder.resolve("cut");
    for (int length = 0; length < bytes.length; length += 1 + bytes.length / 150) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      refused(assertThrows(DataException.class, () -> CheckpointFile.read(cut)), cut);
    }
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
    refused(assertThrows(DataException.class, () -> CheckpointFile.read(cut)), cut, "truncated");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length + 1));
    refused(assertThrows(DataException.class, () -> CheckpointFile.read(cut)), cut);
  }

  /** A header of a petabyte is refused for what the file holds, not by running out of memory. */
  @Property(tries = 1)
  void sizesAreCheckedBeforeMemoryIsTaken() throws IOException {
    Path forged = folder.resolve("forged");
    String header =
        "{\"__metadata__\":{\"format\":\"modalimmune-checkpoint\",\"formatVersion\":\"1\"},"
            + "\"tensor.parameters.w\":{\"dtype\":\"F32\",\"shape\":[250000000000000],"
            + "\"data_offsets\":[0,1000000000000000]}}";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    Files.write(
        forged,
        ByteBuffer.allocate(Long.BYTES + text.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text)
            .array());
    refused(assertThrows(DataException.class, () -> CheckpointFile.read(forged)), forged, "bytes");
  }

  @Property(tries = 1)
  void whatIsNoCheckpointOfThisVersionIsRefused() throws IOException {
    Path other = folder.resolve("other");
    refused(
        assertThrows(DataException.class, () -> CheckpointFile.read(other)), other, "no such file");
    Files.writeString(other, "a letter to a friend, longer than eight bytes");
    refused(assertThrows(DataException.class, () -> CheckpointFile.read(other)), other);
    new SafetensorsWriter().metadata("format", ModelFile.FORMAT).write(other);
    refused(
        assertThrows(DataException.class, () -> CheckpointFile.read(other)),
        other,
        "not a checkpoint",
        ModelFile.FORMAT);
    new SafetensorsWriter()
        .metadata("format", CheckpointFile.FORMAT)
        .metadata("formatVersion", "2")
        .write(other);
    refused(
        assertThrows(DataException.class, () -> CheckpointFile.read(other)), other, "version 2");
    new SafetensorsWriter()
        .metadata("format", CheckpointFile.FORMAT)
        .metadata("formatVersion", "1")
        .add("tensor.w", List.of(1L), new long[] {1})
        .write(other);
    refused(assertThrows(DataException.class, () -> CheckpointFile.read(other)), other, "I64");
  }

  @Property(tries = 1)
  void anotherRunIsRefusedByName() throws IOException {
    TrainingData data = SmallViews.data();
    ImmuneOptions d = ImmuneOptions.defaults();
    List<Modality> renamed = new ArrayList<>(SmallViews.MODALITIES);
    renamed.set(1, new Modality("b", List.of("b0", "pitch")));
    otherRun("reference", OPTIONS, Methods.plain(), data, 1, "method is immune", "plain");
    otherRun("reference", OPTIONS, METHOD, data, 2, "seed is 1", "2");
    otherRun("cpu", OPTIONS, METHOD, data, 1, "backend is reference", "cpu");
    otherRun(
        "reference",
        SmallViews.options(EPOCHS + 1, DType.FLOAT32),
        METHOD,
        data,
        1,
        "training.epochs is 3",
        "4");
    otherRun(
        "reference",
        SmallViews.options(EPOCHS, DType.FLOAT64),
        METHOD,
        data,
        1,
        "training.model.dtype is FLOAT32");
    otherRun(
        "reference",
        new TrainingOptions(
            EPOCHS, 12, 5e-3, 0.05, 1e-2, new ModelOptions(6, 4, 9, 4, 0.1, DType.FLOAT32)),
        METHOD,
        data,
        1,
        "training.model.fusionHidden is 5",
        "9");
    otherRun(
        "reference", OPTIONS, METHOD, SmallViews.data(SmallViews.MODALITIES, 2), 1, "data.sha256");
    otherRun("reference", OPTIONS, METHOD, SmallViews.data(renamed, 1), 1, "data.sha256");
    otherRun(
        "reference",
        OPTIONS,
        METHOD,
        SmallViews.data(SmallViews.MODALITIES.subList(0, 2), 1),
        1,
        "data.modalities is a (3), b (2), c (2)");
    otherRun(
        "reference",
        OPTIONS,
        immune(new ImmuneOptions.Noise(0.3, 0.41), d.controller(), d.masking(), d.hyperGradient()),
        data,
        1,
        "method.noise.spectral is 0.4",
        "0.41");
    otherRun(
        "reference",
        OPTIONS,
        immune(d.noise(), d.controller().withTemperature(0.2), d.masking(), d.hyperGradient()),
        data,
        1,
        "method.controller.temperature is 0.3");
    otherRun(
        "reference",
        OPTIONS,
        immune(
            d.noise(),
            d.controller(),
            MaskingSettings.of(EnumSet.of(MaskingPart.BUDGET)),
            d.hyperGradient()),
        data,
        1,
        "method.masking.options.budget is none");
    otherRun(
        "reference",
        OPTIONS,
        immune(
            d.noise(),
            d.controller(),
            d.masking(),
            HyperGradientOptions.defaults().adapting(EnumSet.of(MetaGroup.DECAY))),
        data,
        1,
        "method.hyperGradient.adapted is []",
        "[DECAY]");
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  private static TrainingMethod immune(
      ImmuneOptions.Noise noise,
      ControllerOptions controller,
      MaskingSettings masking,
      HyperGradientOptions hyperGradient) {
    ImmuneOptions d = ImmuneOptions.defaults();
    return Methods.immune(
        new ImmuneOptions(
            noise,
            d.weights(),
            d.patterns(),
            d.severity(),
            d.interventions(),
            controller,
            masking,
            hyperGradient));
  }

  private static void otherRun(
      String backend,
      TrainingOptions options,
      TrainingMethod method,
      TrainingData data,
      long seed,
      String... fragments) {
    refused(
        assertThrows(
            DataException.class,
            () -> train(backend, options, method, data, seed, CheckpointOptions.resuming(file)),
            fragments[0]),
        file,
        fragments);
  }

  /** What has the right digest and the right run, but not the run's parts. */
  @Property(tries = 1)
  void contentThatDoesNotFitIsRefused() throws IOException {
    CheckpointContent good = CheckpointFile.read(file);
    for (String name : good.tensors().keySet()) {
      TreeMap<String, CheckpointContent.Values> tensors = new TreeMap<>(good.tensors());
      tensors.remove(name);
      unfit(new CheckpointContent(good.identity(), tensors, good.state()), name);
      CheckpointContent.Values v = good.tensors().get(name);
      tensors.put(name, new CheckpointContent.Values(StoredType.F64, v.shape(), v.values()));
      unfit(new CheckpointContent(good.identity(), tensors, good.state()), name);
      List<Long> flat = List.of(1L, 1L, (long) v.values().length);
      tensors.put(name, new CheckpointContent.Values(v.type(), flat, v.values()));
      unfit(new CheckpointContent(good.identity(), tensors, good.state()), name);
      double[] infinite = v.values().clone();
      infinite[0] = Double.POSITIVE_INFINITY;
      tensors.put(name, new CheckpointContent.Values(v.type(), v.shape(), infinite));
      unfit(new CheckpointContent(good.identity(), tensors, good.state()), name);
    }
    for (String name : good.state().arrays().keySet()) {
      Map<String, double[]> state = new TreeMap<>(good.state().arrays());
      state.remove(name);
      unfit(new CheckpointContent(good.identity(), good.tensors(), TrainingState.of(state)), "");
      state.put(name, new double[99]);
      unfit(new CheckpointContent(good.identity(), good.tensors(), TrainingState.of(state)), "");
    }
    for (String name : List.of("progress.more", "run.more.x", "run.objective.more", "more")) {
      Map<String, double[]> state = new TreeMap<>(good.state().arrays());
      state.put(name, new double[] {1});
      unfit(
          new CheckpointContent(good.identity(), good.tensors(), TrainingState.of(state)), "more");
    }
  }

  private static void unfit(CheckpointContent content, String fragment) throws IOException {
    Path spoilt = folder.resolve("spoilt");
    Files.deleteIfExists(spoilt);
    CheckpointFile.write(spoilt, content);
    refused(
        assertThrows(
            DataException.class,
            () ->
                train(
                    "reference",
                    OPTIONS,
                    METHOD,
                    SmallViews.data(),
                    1,
                    CheckpointOptions.resuming(spoilt))),
        spoilt,
        fragment);
  }

  @Property(tries = 1)
  void noRunReplacesTheCheckpointOfAnother() throws IOException {
    Path second = folder.resolve("second");
    Files.copy(file, second);
    for (CheckpointOptions options :
        List.of(CheckpointOptions.to(file), new CheckpointOptions(file, 1, Optional.of(second)))) {
      refused(
          assertThrows(
              DataException.class,
              () -> train("reference", OPTIONS, METHOD, SmallViews.data(), 1, options)),
          file,
          "replace");
    }
    assertArrayEquals(bytes, Files.readAllBytes(file));
    assertThrows(
        IllegalArgumentException.class, () -> new CheckpointOptions(file, 0, Optional.empty()));
  }

  @Property(tries = 1)
  void specialistsAreRefusedBeforeTheFirstOne() {
    Path none = folder.resolve("specialists");
    assertThrows(
        IllegalArgumentException.class,
        () ->
            train(
                "reference",
                OPTIONS,
                new SpecialistsMethod(),
                SmallViews.data(),
                1,
                CheckpointOptions.to(none)));
    assertTrue(Files.notExists(none));
  }

  /** A decoder's parameter that no loss sees: only the checkpoint notices. */
  @Property(tries = 1)
  void whatIsNotFiniteIsNotSavedAndTheCheckpointBeforeStays() {
    Path last = folder.resolve("last");
    int steps = 5 * (EPOCHS - 1);
    TrainingMethod breaking =
        new SingleModelMethod(
            "breaking",
            "spoils a parameter in the last epoch",
            context ->
                new Objective() {
                  private final Objective plain = new PresenceObjective(false, 0, 0);
                  private int step;

                  @Override
                  public StepLoss loss(MultimodalModel model, Batch batch, RandomKey key) {
                    Parameter p = model.parameters().getLast();
                    if (step++ == steps) {
                      double[] values = p.value().toDoubleArray();
                      values[0] = Double.NaN;
                      p.value().set(values);
                    }
                    return plain.loss(model, batch, key);
                  }
                });
    TrainingDivergedException failure =
        assertThrows(
            TrainingDivergedException.class,
            () ->
                train(
                    "reference",
                    OPTIONS,
                    breaking,
                    SmallViews.data(),
                    1,
                    CheckpointOptions.to(last)));
    assertTrue(String.valueOf(failure.getMessage()).contains("NaN"), failure::toString);
    assertEquals(EPOCHS - 1, CheckpointFile.read(last).state().array("progress.train-loss").length);
  }

  /** The folder cannot take the second checkpoint: the run ends with the reason. */
  @Property(tries = 1)
  void aCheckpointThatCannotBeWrittenEndsTheRun() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path gone = inner.resolve("run");
    try (Backend backend = Backends.open("reference", BackendOptions.ofThreads(1))) {
      ImmuneTrainer trainer =
          new ImmuneTrainer(backend, OPTIONS).withCheckpoints(CheckpointOptions.to(gone));
      TrainingListener remover =
          (record, epochs) -> {
            try {
              Files.delete(gone);
              Files.delete(inner);
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          };
      refused(
          assertThrows(
              DataException.class, () -> METHOD.train(trainer, SmallViews.data(), 1, remover)),
          gone,
          "does not exist");
    }
  }
}
