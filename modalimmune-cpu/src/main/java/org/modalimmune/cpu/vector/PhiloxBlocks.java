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
    for (int i = 0; i < COUNT; i += 2 * S.length()) {
      lanes(key, i);
    }
  }

  /** Two vectors of blocks, each of which would wait for its products. */
  private void lanes(RandomKey key, int at) {
    int next = at + S.length();
    LongVector counterA = LongVector.fromArray(S, counters, at);
    LongVector counterB = LongVector.fromArray(S, counters, next);
    LongVector a0 = counterA.and(LOW);
    LongVector b0 = counterB.and(LOW);
    LongVector a1 = counterA.lanewise(LSHR, 32);
    LongVector b1 = counterB.lanewise(LSHR, 32);
    LongVector a2 = LongVector.broadcast(S, key.stream() & LOW);
    LongVector b2 = a2;
    LongVector a3 = LongVector.broadcast(S, key.stream() >>> 32);
    LongVector b3 = a3;
    LongVector m0 = LongVector.broadcast(S, Philox4x32.MULTIPLIER_0 & LOW).and(LOW);
    LongVector m1 = LongVector.broadcast(S, Philox4x32.MULTIPLIER_1 & LOW).and(LOW);
    int k0 = (int) key.seed();
    int k1 = (int) (key.seed() >>> 32);
    for (int round = 0; round < Philox4x32.ROUNDS; round++) {
      LongVector key0 = LongVector.broadcast(S, k0 & LOW);
      LongVector key1 = LongVector.broadcast(S, k1 & LOW);
      LongVector p0 = a0.and(LOW).mul(m0);
      LongVector q0 = b0.and(LOW).mul(m0);
      LongVector p1 = a2.and(LOW).mul(m1);
      LongVector q1 = b2.and(LOW).mul(m1);
      a0 = p1.lanewise(LSHR, 32).lanewise(XOR, a1.lanewise(XOR, key0));
      b0 = q1.lanewise(LSHR, 32).lanewise(XOR, b1.lanewise(XOR, key0));
      a2 = p0.lanewise(LSHR, 32).lanewise(XOR, a3.lanewise(XOR, key1));
      b2 = q0.lanewise(LSHR, 32).lanewise(XOR, b3.lanewise(XOR, key1));
      a1 = p1.and(LOW);
      b1 = q1.and(LOW);
      a3 = p0.and(LOW);
      b3 = q0.and(LOW);
      k0 += Philox4x32.WEYL_0;
      k1 += Philox4x32.WEYL_1;
    }
    a0.intoArray(words[0], at);
    b0.intoArray(words[0], next);
    a1.intoArray(words[1], at);
    b1.intoArray(words[1], next);
    a2.intoArray(words[2], at);
    b2.intoArray(words[2], next);
    a3.intoArray(words[3], at);
    b3.intoArray(words[3], next);
  }
}
