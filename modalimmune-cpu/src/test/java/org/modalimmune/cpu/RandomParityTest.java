package org.modalimmune.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/** Vector draws against the scalar ones, to the last bit. */
class RandomParityTest {
  @Property(tries = 60)
  void bothBackendsDrawTheSameBits(
      @ForAll long seed,
      @ForAll @LongRange(min = 0) long stream,
      @ForAll @IntRange(max = 9000) int count,
      @ForAll DType dtype,
      @ForAll boolean normal,
      @ForAll @IntRange(min = 7, max = 9) int logBits) {
    RandomKey key = new RandomKey(seed, stream);
    BackendOptions vectors =
        new BackendOptions(2, Map.of("vector-bits", Integer.toString(1 << logBits)));
    assertArrayEquals(
        draw("reference", BackendOptions.ofThreads(1), key, dtype, count, normal),
        draw("cpu", vectors, key, dtype, count, normal));
  }

  private static long[] draw(
      String name, BackendOptions options, RandomKey key, DType dtype, int count, boolean normal) {
    try (Backend backend = Backends.open(name, options);
        Scope scope = backend.newScope()) {
      Shape shape = Shape.of(count);
      double[] values =
          (normal
                  ? backend.ops(scope).normal(key, dtype, shape)
                  : backend.ops(scope).uniform(key, dtype, shape))
              .toDoubleArray();
      long[] bits = new long[count];
      for (int i = 0; i < count; i++) {
        bits[i] = Double.doubleToRawLongBits(values[i]);
      }
      return bits;
    }
  }
}
