package org.modalimmune.cuda.kernel;

import java.util.Arrays;

/**
 * What a chain computes, without the addresses and scalars: equal shapes run the same kernel.
 * Written down number by number; a shape in a map is a {@link #copy}.
 */
final class ChainShape {
  private int[] code = new int[64];
  private int length;

  /** Forgets everything. */
  void reset() {
    length = 0;
  }

  /** Appends one number. */
  void add(int value) {
    if (length == code.length) {
      code = Arrays.copyOf(code, 2 * length);
    }
    code[length++] = value;
  }

  /** A shape that no longer changes. */
  ChainShape copy() {
    ChainShape c = new ChainShape();
    c.code = Arrays.copyOf(code, length);
    c.length = length;
    return c;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChainShape s && Arrays.equals(code, 0, length, s.code, 0, s.length);
  }

  @Override
  public int hashCode() {
    int h = 1;
    for (int i = 0; i < length; i++) {
      h = 31 * h + code[i];
    }
    return h;
  }
}
