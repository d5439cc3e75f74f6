package org.modalimmune.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.random.UniformBits;

/** {@link UniformBits} of one word, lane by lane: exact, hence the same bits. */
final class WordFractions {
  private static final VectorSpecies<Double> D = VectorSpeciesSet.DOUBLE;
  private static final VectorSpecies<Long> L = VectorSpecies.of(long.class, D.vectorShape());

  /** 2^52, in whose low bits a word becomes a double. */
  private static final double BASE = 0x1p52;

  private WordFractions() {}

  /** {@link UniformBits#open32} of words held as longs; {@code count} a multiple of the lanes. */
  static void open(long[] words, double[] u, int count) {
    for (int i = 0; i < count; i += D.length()) {
      whole(words, i).add(0.5).mul(0x1p-32).intoArray(u, i);
    }
  }

  /** {@link UniformBits#halfOpen32} of words held as longs. */
  static void halfOpen(long[] words, double[] u, int count) {
    for (int i = 0; i < count; i += D.length()) {
      whole(words, i).mul(0x1p-32).intoArray(u, i);
    }
  }

  private static DoubleVector whole(long[] words, int at) {
    LongVector bits = LongVector.fromArray(L, words, at).or(Double.doubleToRawLongBits(BASE));
    return bits.reinterpretAsDoubles().sub(BASE);
  }
}
