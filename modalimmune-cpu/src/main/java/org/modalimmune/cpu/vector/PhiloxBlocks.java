package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.random.Philox4x32;
import org.modalimmune.random.RandomKey;

/**
 * Philox4x32-10 for consecutive blocks, one block per lane; a lane holds a 32-bit word as a long.
 */
final class PhiloxBlocks {
  /** Blocks per call. */
  static final int COUNT = 64;

  private static final VectorSpecies<Long> S =
      VectorSpecies.of(long.class, VectorSpeciesSet.DOUBLE.vectorShape());
  private static final long LOW = 0xFFFFFFFFL;

  private final long[] counters = new long[COUNT];

  /** Word j of block {@code first + i} is {@code words[j][i]}. */
  final long[][] words = new long[4][COUNT];

  /** Computes blocks {@code first .. first + COUNT - 1}. */
  void compute(RandomKey key, long first) {
    for (int i = 0; i < COUNT; i++) {
      counters[i] = first + i;
    }
    for (int i = 0; i < COUNT; i += S.length()) {
      lanes(key, i);
    }
  }

  private void lanes(RandomKey key, int at) {
    LongVector counter = LongVector.fromArray(S, counters, at);
    LongVector c0 = counter.and(LOW);
    LongVector c1 = counter.lanewise(LSHR, 32);
    LongVector c2 = LongVector.broadcast(S, key.stream() & LOW);
    LongVector c3 = LongVector.broadcast(S, key.stream() >>> 32);
    LongVector m0 = LongVector.broadcast(S, Philox4x32.MULTIPLIER_0 & LOW).and(LOW);
    LongVector m1 = LongVector.broadcast(S, Philox4x32.MULTIPLIER_1 & LOW).and(LOW);
    int k0 = (int) key.seed();
    int k1 = (int) (key.seed() >>> 32);
    for (int round = 0; round < Philox4x32.ROUNDS; round++) {
      LongVector p0 = c0.and(LOW).mul(m0);
      LongVector p1 = c2.and(LOW).mul(m1);
      c0 = p1.lanewise(LSHR, 32).lanewise(XOR, c1).lanewise(XOR, k0 & LOW);
      c2 = p0.lanewise(LSHR, 32).lanewise(XOR, c3).lanewise(XOR, k1 & LOW);
      c1 = p1.and(LOW);
      c3 = p0.and(LOW);
      k0 += Philox4x32.WEYL_0;
      k1 += Philox4x32.WEYL_1;
    }
    c0.intoArray(words[0], at);
    c1.intoArray(words[1], at);
    c2.intoArray(words[2], at);
    c3.intoArray(words[3], at);
  }
}
