package org.modalimmune.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.conformance.Tolerances;
import org.modalimmune.cpu.reference.ErrorFunction;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/**
 * The functions that float32 computes in its own type, against float64, over a sweep of bit
 * patterns: dense where they bend, sparse over all floats, and the special values.
 */
class FloatFunctionsTest {
  private static final int DENSE = 3989;
  private static final int SPARSE = 399_989;
  private static final int SOME = 61;
  private static final float[] SWEEP = sweep();

  @ParameterizedTest
  @EnumSource(
      names = {
        "EXP",
        "LOG",
        "LOG1P",
        "TANH",
        "SIGMOID",
        "SOFTPLUS",
        "ERF",
        "NORMAL_PDF",
        "NORMAL_CDF",
        "GELU",
        "GELU_DERIVATIVE"
      })
  void meetsItsBoundOverAllFloats(UnaryOp op) {
    float[] y = compute(op, 256, SWEEP);
    for (int i = 0; i < y.length; i++) {
      float x = SWEEP[i];
      float got = y[i];
      double expected = expected(op, x);
      assertTrue(
          meets(op, x, got, expected), () -> op + " at " + x + ": " + got + ", not " + expected);
    }
    // some of them at the other widths, which a processor may lack and emulate slowly
    float[] some = new float[y.length / SOME];
    for (int i = 0; i < some.length; i++) {
      some[i] = SWEEP[SOME * i + SOME - 1];
    }
    for (int bits : new int[] {128, 512}) {
      float[] other = compute(op, bits, some);
      for (int i = 0; i < some.length; i++) {
        float x = some[i];
        assertEquals(
            Float.floatToIntBits(y[SOME * i + SOME - 1]),
            Float.floatToIntBits(other[i]),
            () -> op + " at " + x + " with " + bits + "-bit vectors");
      }
    }
  }

  private static float[] compute(UnaryOp op, int bits, float[] x) {
    BackendOptions options = new BackendOptions(2, Map.of("vector-bits", Integer.toString(bits)));
    try (Backend backend = new CpuProvider().open(options);
        Scope scope = backend.newScope()) {
      return backend.ops(scope).unary(op, scope.of(Shape.of(x.length), x)).toFloatArray();
    }
  }

  private static boolean meets(UnaryOp op, float x, float got, double expected) {
    if (Float.isNaN(x) || Float.isInfinite(x) || !Double.isFinite(expected)) {
      return Double.compare(got + 0.0, expected + 0.0) == 0;
    }
    if (Float.isInfinite(got)) {
      return got > 0 && expected + bound(op, x, expected) >= Float.MAX_VALUE;
    }
    return Math.abs(got - expected) <= bound(op, x, expected);
  }

  private static double expected(UnaryOp op, float x) {
    return switch (op) {
      case EXP -> StrictMath.exp(x);
      case LOG -> StrictMath.log(x);
      case LOG1P -> StrictMath.log1p(x);
      case TANH -> StrictMath.tanh(x);
      case SOFTPLUS ->
          Math.max((double) x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs((double) x)));
      case ERF -> ErrorFunction.erf(x);
      case SIGMOID -> {
        double e = StrictMath.exp(-Math.abs((double) x));
        yield (x < 0 ? e : 1) / (1 + e);
      }
      case NORMAL_PDF -> ErrorFunction.normalPdf(x);
      case NORMAL_CDF -> ErrorFunction.normalCdf(x);
      case GELU -> ErrorFunction.gelu(x);
      case GELU_DERIVATIVE -> ErrorFunction.geluDerivative(x);
      default -> throw new IllegalArgumentException(op.toString());
    };
  }

  private static double bound(UnaryOp op, double x, double y) {
    return switch (op) {
      case EXP, LOG, LOG1P -> Tolerances.relative(2, y, DType.FLOAT32);
      case ERF -> Tolerances.relative(4, y, DType.FLOAT32);
      case TANH, SOFTPLUS -> Tolerances.relative(5, y, DType.FLOAT32);
      case SIGMOID -> Tolerances.relative(6, y, DType.FLOAT32);
      case NORMAL_PDF -> Tolerances.normalPdf(x, y, DType.FLOAT32);
      case NORMAL_CDF -> Tolerances.normalCdf(x, y, DType.FLOAT32);
      case GELU -> Tolerances.gelu(x, y, DType.FLOAT32);
      default ->
          Tolerances.geluDerivative(
              x, ErrorFunction.normalCdf(x), ErrorFunction.normalPdf(x), DType.FLOAT32);
    };
  }

  private static float[] sweep() {
    int low = Float.floatToRawIntBits(0x1p-14f);
    int high = Float.floatToRawIntBits(0x1p7f);
    IntStream bends =
        IntStream.iterate(low, b -> b < high, b -> b + DENSE)
            .flatMap(b -> IntStream.of(b, b | Integer.MIN_VALUE));
    IntStream all =
        IntStream.iterate(0, b -> b >= 0, b -> b + SPARSE)
            .flatMap(b -> IntStream.of(b, b | Integer.MIN_VALUE));
    float[] special = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.MAX_VALUE,
      Float.MIN_NORMAL,
      Float.MIN_VALUE,
      0,
      1,
      Math.nextDown(1f),
      40,
      104
    };
    IntStream edges =
        IntStream.range(0, special.length)
            .map(i -> Float.floatToRawIntBits(special[i]))
            .flatMap(b -> IntStream.of(b, b | Integer.MIN_VALUE));
    int[] bits = IntStream.concat(IntStream.concat(bends, all), edges).toArray();
    float[] x = new float[bits.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(bits[i]);
    }
    return x;
  }
}
