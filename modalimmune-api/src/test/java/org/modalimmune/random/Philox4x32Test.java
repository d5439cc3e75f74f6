package org.modalimmune.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The block function against the known answers of Random123 1.14 ({@code kat_vectors}). */
class Philox4x32Test {
  @Test
  void zeros() {
    assertBlock(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  }

  @Test
  void ones() {
    assertBlock(-1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  }

  @Test
  void digitsOfPi() {
    assertBlock(
        0x85a308d3_243f6a88L,
        0x03707344_13198a2eL,
        0x299f31d0_a4093822L,
        0xd16cfe09,
        0x94fdcceb,
        0x5001e420,
        0x24126ea1);
  }

  /** The stream's four words per block, in order, are what a sequential reader sees. */
  @Property(tries = 50)
  void streamReadsBlocksInOrder(@ForAll long seed, @ForAll long stream) {
    RandomStream reader = new RandomStream(new RandomKey(seed, stream));
    int[] words = new int[4];
    for (int block = 0; block < 5; block++) {
      Philox4x32.block(block, stream, seed, words, 0);
      for (int word : words) {
        assertEquals(word, reader.nextInt());
      }
    }
  }

  @Property(tries = 100)
  void foldedKeysDifferAndLeaveTheFoldingBlocks(@ForAll long seed, @ForAll long data) {
    RandomKey key = RandomKey.of(seed);
    assertNotEquals(key, key.fold(data));
    assertNotEquals(key.fold(data), key.fold(data + 1));
    assertTrue(key.fold(data).stream() >= 0);
  }

  /**
   * The series of Box and Muller against the library's functions: both are within 1 ulp or 4e-16 of
   * the truth, the radius amplifies the logarithm's relative error by a half.
   */
  @Property(tries = 1000)
  void normalTransformAgreesWithTheLibrary(@ForAll int a, @ForAll int b) {
    double u = UniformBits.open52(a, b);
    assertEquals(1, NormalTransform.radius(u) / Math.sqrt(-2 * Math.log(u)), 1e-15);
    double v = UniformBits.halfOpenDouble(a, b);
    // 2 pi v itself carries half an ulp of up to 2 pi
    assertEquals(Math.cos(2 * Math.PI * v), NormalTransform.cosine(v), 2e-15);
    assertEquals(Math.sin(2 * Math.PI * v), NormalTransform.sine(v), 2e-15);
  }

  private static void assertBlock(long low, long high, long key, int... expected) {
    int[] words = new int[6];
    Philox4x32.block(low, high, key, words, 1);
    int[] framed = {0, expected[0], expected[1], expected[2], expected[3], 0};
    assertArrayEquals(framed, words);
  }
}
