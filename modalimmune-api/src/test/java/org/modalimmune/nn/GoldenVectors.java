package org.modalimmune.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modalimmune.io.JsonValue;
import org.modalimmune.io.JsonValue.JsonArray;
import org.modalimmune.io.JsonValue.JsonNumber;
import org.modalimmune.io.JsonValue.JsonObject;
import org.modalimmune.io.JsonValue.JsonString;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** The cases of one file of {@code spec/vectors}. */
public final class GoldenVectors {
  private GoldenVectors() {}

  /** Values of one tensor. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Entry(Shape shape, double[] values) {}

  /** One case: its numbers and its tensors. */
  public record Case(String name, Map<String, Double> numbers, Map<String, Entry> tensors) {
    public double number(String key) {
      return numbers.get(key);
    }

    public int size(String key) {
      return (int) number(key);
    }

    public double[] values(String key) {
      return tensors.get(key).values();
    }

    public Tensor tensor(Scope scope, DType dtype, String key) {
      Entry e = tensors.get(key);
      return scope.of(dtype, e.shape(), e.values());
    }

    /** The larger of 1 and the largest magnitude of the case, gradients included. */
    public double magnitude() {
      double largest = 1;
      for (Entry e : tensors.values()) {
        for (double v : e.values()) {
          largest = Math.max(largest, Math.abs(v));
        }
      }
      return largest;
    }

    /**
     * Fails unless every element is within the first-order rounding bound of {@code operations}
     * operations: each contributes at most u times its value times the derivative by it, and both
     * are at most {@link #magnitude}.
     */
    public void assertClose(String key, Tensor actual, double operations) {
      assertWithin(
          key, actual, operations * actual.dtype().unitRoundoff() * magnitude() * magnitude());
    }

    /** Fails unless the shape is that of the entry and every element within an absolute bound. */
    public void assertWithin(String key, Tensor actual, double bound) {
      Entry e = tensors.get(key);
      assertEquals(e.shape(), actual.shape(), name + ": shape of " + key);
      double[] got = actual.toDoubleArray();
      for (int i = 0; i < got.length; i++) {
        if (!(Math.abs(got[i] - e.values()[i]) <= bound)) {
          fail(
              name
                  + " "
                  + actual.dtype()
                  + ": "
                  + key
                  + "["
                  + i
                  + "] is "
                  + got[i]
                  + ", expected "
                  + e.values()[i]
                  + " within "
                  + bound);
        }
      }
    }
  }

  /** Reads {@code spec/vectors/NAME.json}. */
  public static List<Case> read(String name) {
    try {
      JsonObject root =
          (JsonObject) JsonValue.parse(Files.readString(folder().resolve(name + ".json")));
      List<Case> cases = new ArrayList<>();
      for (JsonValue value : ((JsonArray) root.members().get("cases")).elements()) {
        cases.add(parse((JsonObject) value));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Case parse(JsonObject object) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    ((JsonObject) object.members().get("numbers"))
        .members()
        .forEach((key, v) -> numbers.put(key, ((JsonNumber) v).doubleValue()));
    Map<String, Entry> tensors = new LinkedHashMap<>();
    ((JsonObject) object.members().get("tensors"))
        .members()
        .forEach(
            (key, v) -> {
              Map<String, JsonValue> t = ((JsonObject) v).members();
              long[] dims =
                  ((JsonArray) t.get("shape"))
                      .elements().stream().mapToLong(d -> ((JsonNumber) d).longValue()).toArray();
              double[] values =
                  ((JsonArray) t.get("values"))
                      .elements().stream()
                          .mapToDouble(d -> ((JsonNumber) d).doubleValue())
                          .toArray();
              tensors.put(key, new Entry(Shape.of(dims), values));
            });
    return new Case(((JsonString) object.members().get("name")).value(), numbers, tensors);
  }

  private static Path folder() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("spec/vectors"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("spec/vectors lies in no folder above the working directory");
    }
    return at.resolve("spec/vectors");
  }
}
