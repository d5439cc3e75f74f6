package org.modalimmune.cpu;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.conformance.Tolerances;
import org.modalimmune.cpu.reference.ErrorFunction;
import org.modalimmune.io.JsonValue;
import org.modalimmune.io.JsonValue.JsonArray;
import org.modalimmune.io.JsonValue.JsonNumber;
import org.modalimmune.io.JsonValue.JsonObject;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/**
 * Both backends against {@code spec/vectors/special_functions.json}, within the roundings of the
 * series in {@code spec/kernels-elementwise.md}; the cpu backend's float32, which is computed in
 * float32 itself, within {@code spec/tolerances.md}.
 */
class SpecialFunctionGoldenTest {
  private static final double ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

  @Test
  void referenceMeetsTheVectors() throws IOException {
    try (Backend backend = new ReferenceProvider().open(BackendOptions.ofThreads(1))) {
      assertVectors(backend, false);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"128", "256", "512"})
  void cpuMeetsTheVectors(String bits) throws IOException {
    try (Backend backend =
        new CpuProvider().open(new BackendOptions(2, Map.of("vector-bits", bits)))) {
      assertVectors(backend, true);
    }
  }

  private static void assertVectors(Backend backend, boolean inFloat32) throws IOException {
    JsonObject root = (JsonObject) JsonValue.parse(Files.readString(file()));
    JsonObject functions = (JsonObject) root.members().get("functions");
    List<Executable> checks = new ArrayList<>();
    functions
        .members()
        .forEach(
            (name, pairs) -> {
              for (DType dtype : DType.values()) {
                checks.add(
                    () -> assertFunction(backend, inFloat32, name, (JsonArray) pairs, dtype));
              }
            });
    assertTrue(checks.size() == 22, "11 functions in two types");
    assertAll(checks);
  }

  private static void assertFunction(
      Backend backend, boolean inFloat32, String name, JsonArray pairs, DType dtype) {
    int n = pairs.elements().size();
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      List<JsonValue> pair = ((JsonArray) pairs.elements().get(i)).elements();
      x[i] = ((JsonNumber) pair.get(0)).doubleValue();
      y[i] = ((JsonNumber) pair.get(1)).doubleValue();
    }
    UnaryOp op = UnaryOp.valueOf(name);
    try (Scope scope = backend.newScope()) {
      double[] got = backend.ops(scope).unary(op, scope.of(dtype, Shape.of(n), x)).toDoubleArray();
      for (int i = 0; i < n; i++) {
        double bound =
            dtype == DType.FLOAT32 && inFloat32
                ? float32Bound(op, x[i], y[i])
                : bound(op, x[i], y[i], dtype);
        assertTrue(
            Math.abs(got[i] - y[i]) <= bound,
            name + " " + dtype + " at " + x[i] + ": " + got[i] + ", expected " + y[i]);
      }
    }
  }

  /** {@code spec/tolerances.md} 2, for what is computed in float32 itself. */
  private static double float32Bound(UnaryOp op, double x, double y) {
    DType type = DType.FLOAT32;
    return switch (op) {
      case NORMAL_PDF -> Tolerances.normalPdf(x, y, type);
      case NORMAL_CDF -> Tolerances.normalCdf(x, y, type);
      case GELU -> Tolerances.gelu(x, y, type);
      case GELU_DERIVATIVE ->
          Tolerances.geluDerivative(
              x, ErrorFunction.normalCdf(x), ErrorFunction.normalPdf(x), type);
      default -> Tolerances.relative(roundings(op), y, type);
    };
  }

  /** Float64: the counted roundings. Float32: one rounding of that float64 result. */
  private static double bound(UnaryOp op, double x, double y, DType dtype) {
    double magnitude = Math.abs(y);
    if (op == UnaryOp.GELU_DERIVATIVE) {
      magnitude += 2 * Math.abs(x) * Math.exp(-x * x / 2) / ROOT_TWO_PI;
    }
    double wide = roundings(op) * DType.FLOAT64.unitRoundoff() * magnitude;
    if (dtype == DType.FLOAT64) {
      return wide + Double.MIN_VALUE;
    }
    return DType.FLOAT32.unitRoundoff() * (Math.abs(y) + wide) + wide + Float.MIN_VALUE;
  }

  private static double roundings(UnaryOp op) {
    return switch (op) {
      case EXP, LOG, LOG1P -> 2;
      case ERF, NORMAL_PDF -> 4;
      case TANH, SOFTPLUS -> 5;
      case SIGMOID -> 6;
      case NORMAL_CDF -> 7;
      default -> 9;
    };
  }

  private static Path file() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("spec/vectors"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("spec/vectors lies in no folder above the working directory");
    }
    return at.resolve("spec/vectors/special_functions.json");
  }
}
