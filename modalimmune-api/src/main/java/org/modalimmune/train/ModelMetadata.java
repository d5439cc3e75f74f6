package org.modalimmune.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.data.DatasetSchema;
import org.modalimmune.data.Modality;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.io.DataException;
import org.modalimmune.io.JsonValue;
import org.modalimmune.io.JsonValue.JsonArray;
import org.modalimmune.io.JsonValue.JsonNumber;
import org.modalimmune.io.JsonValue.JsonObject;
import org.modalimmune.io.JsonValue.JsonString;
import org.modalimmune.tensor.DType;

/**
 * Everything about a model that is not a tensor, as the metadata strings of its file.
 *
 * @param schema modalities with all columns, and classes
 * @param options sizes
 * @param method name of the method that trained it
 * @param seed seed of the run
 * @param curve losses epoch by epoch
 * @param settings learned settings
 * @param seconds time of training
 * @param stepsPerSecond speed of training
 */
record ModelMetadata(
    DatasetSchema schema,
    ModelOptions options,
    String method,
    long seed,
    List<EpochRecord> curve,
    SortedMap<String, Double> settings,
    double seconds,
    double stepsPerSecond) {
  private static final String DATA = "data";
  private static final String MODEL = "model";
  private static final String TRAINING = "training";

  static ModelMetadata of(TrainedNetwork network) {
    return new ModelMetadata(
        network.schema(),
        network.model().options(),
        network.method(),
        network.seed(),
        network.curve(),
        network.settings(),
        network.seconds(),
        network.stepsPerSecond());
  }

  /** The metadata strings, each a JSON text. */
  Map<String, String> strings() {
    Map<String, String> strings = new LinkedHashMap<>();
    strings.put(DATA, data().toJson());
    strings.put(MODEL, model().toJson());
    strings.put(TRAINING, training().toJson());
    return strings;
  }

  private JsonObject data() {
    List<JsonValue> modalities =
        schema.modalities().stream()
            .<JsonValue>map(
                m ->
                    object(
                        Map.entry("name", new JsonString(m.name())),
                        Map.entry("columns", texts(m.columnNames()))))
            .toList();
    return object(
        Map.entry("modalities", new JsonArray(modalities)),
        Map.entry("classes", texts(schema.classNames())));
  }

  private JsonObject model() {
    return object(
        Map.entry("encoderHidden", JsonNumber.of((long) options.encoderHidden())),
        Map.entry("embedding", JsonNumber.of((long) options.embedding())),
        Map.entry("fusionHidden", JsonNumber.of((long) options.fusionHidden())),
        Map.entry("decoderHidden", JsonNumber.of((long) options.decoderHidden())),
        Map.entry("dropout", JsonNumber.of(options.dropout())),
        Map.entry("dtype", new JsonString(options.dtype().name())));
  }

  private JsonObject training() {
    Map<String, JsonValue> learned = new LinkedHashMap<>();
    settings.forEach((name, value) -> learned.put(name, JsonNumber.of((double) value)));
    List<JsonValue> epochs = curve.stream().<JsonValue>map(ModelMetadata::epoch).toList();
    return object(
        Map.entry("method", new JsonString(method)),
        Map.entry("seed", JsonNumber.of(seed)),
        Map.entry("seconds", JsonNumber.of(seconds)),
        Map.entry("stepsPerSecond", JsonNumber.of(stepsPerSecond)),
        Map.entry("settings", new JsonObject(learned)),
        Map.entry("epochs", new JsonArray(epochs)));
  }

  private static JsonObject epoch(EpochRecord record) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("epoch", JsonNumber.of((long) record.epoch()));
    members.put("trainLoss", JsonNumber.of(record.trainLoss()));
    record
        .validationCrossEntropy()
        .ifPresent(v -> members.put("validationCrossEntropy", JsonNumber.of(v)));
    return new JsonObject(members);
  }

  /** Reads what {@link #strings} made, and refuses anything else. */
  static ModelMetadata parse(String file, Map<String, String> strings) {
    MetadataFields data = MetadataFields.of(file, DATA, strings);
    MetadataFields model = MetadataFields.of(file, MODEL, strings);
    MetadataFields training = MetadataFields.of(file, TRAINING, strings);
    try {
      return new ModelMetadata(
          schema(data),
          options(model),
          training.text("method"),
          training.integer("seed"),
          training.objects("epochs").stream().map(ModelMetadata::epoch).toList(),
          settings(training.object("settings")),
          training.number("seconds"),
          training.number("stepsPerSecond"));
    } catch (IllegalArgumentException e) {
      throw new DataException(
          file + ": its metadata do not describe a model: " + e.getMessage(), e);
    }
  }

  private static DatasetSchema schema(MetadataFields data) {
    List<Modality> modalities =
        data.objects("modalities").stream()
            .map(m -> new Modality(m.text("name"), m.texts("columns")))
            .toList();
    List<String> classes = data.texts("classes");
    long names = modalities.stream().map(Modality::name).distinct().count();
    if (modalities.isEmpty() || names != modalities.size() || classes.size() < 2) {
      throw new DataException(
          data.place() + ": needs modalities of different names and at least two classes");
    }
    return new DatasetSchema(modalities, classes);
  }

  private static ModelOptions options(MetadataFields model) {
    return new ModelOptions(
        model.integer("encoderHidden", 1, Integer.MAX_VALUE),
        model.integer("embedding", 1, Integer.MAX_VALUE),
        model.integer("fusionHidden", 1, Integer.MAX_VALUE),
        model.integer("decoderHidden", 1, Integer.MAX_VALUE),
        model.number("dropout"),
        DType.valueOf(model.text("dtype")));
  }

  private static EpochRecord epoch(MetadataFields epoch) {
    return new EpochRecord(
        epoch.integer("epoch", 1, Integer.MAX_VALUE),
        epoch.number("trainLoss"),
        epoch.has("validationCrossEntropy")
            ? OptionalDouble.of(epoch.number("validationCrossEntropy"))
            : OptionalDouble.empty());
  }

  private static SortedMap<String, Double> settings(MetadataFields settings) {
    SortedMap<String, Double> values = new TreeMap<>();
    settings.members().keySet().forEach(name -> values.put(name, settings.number(name)));
    return values;
  }

  private static JsonArray texts(List<String> texts) {
    return new JsonArray(texts.stream().<JsonValue>map(JsonString::new).toList());
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static JsonObject object(Map.Entry<String, ? extends JsonValue>... members) {
    Map<String, JsonValue> ordered = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends JsonValue> member : members) {
      ordered.put(member.getKey(), member.getValue());
    }
    return new JsonObject(ordered);
  }
}
