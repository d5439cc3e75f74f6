package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;

/** Element-wise functions of dense float32 operands. */
final class FloatBlocks implements ElementBlocks {
  private static final long SIZE = 4;

  @Override
  public int size() {
    return 4;
  }

  @Override
  public void binary(
      BinaryOp op,
      MemorySegment x,
      long p,
      MemorySegment y,
      long q,
      MemorySegment z,
      long r,
      int n) {
    FloatBinary.apply(op, x, p * SIZE, y, q * SIZE, z, r * SIZE, n);
  }

  @Override
  public void unary(
      UnaryOp op, MemorySegment x, long p, MemorySegment z, long r, int n, MemorySegment wide) {
    if (!FloatUnary.apply(op, x, p * SIZE, z, r * SIZE, n)
        && !FloatFunctions.apply(op, x, p * SIZE, z, r * SIZE, n, wide)) {
      throw new IllegalArgumentException("unary: there is no float32 loop for " + op);
    }
  }

  @Override
  public void select(
      MemorySegment c,
      long o,
      MemorySegment x,
      long p,
      MemorySegment y,
      long q,
      MemorySegment z,
      long r,
      int n) {
    FloatFused.select(c, o * SIZE, x, p * SIZE, y, q * SIZE, z, r * SIZE, n);
  }

  @Override
  public void affine(
      MemorySegment x, long p, double scale, double shift, MemorySegment z, long r, int n) {
    FloatFused.affine(x, p * SIZE, scale, shift, z, r * SIZE, n);
  }

  @Override
  public void clamp(
      MemorySegment x, long p, double low, double high, MemorySegment z, long r, int n) {
    FloatFused.clamp(x, p * SIZE, low, high, z, r * SIZE, n);
  }

  @Override
  public void axpy(double alpha, MemorySegment x, long p, MemorySegment y, long q, int n) {
    FloatFused.axpy(alpha, x, p * SIZE, y, q * SIZE, n);
  }

  @Override
  public void fill(double value, MemorySegment z, long r, int n) {
    FloatFused.fill(value, z, r * SIZE, n);
  }

  @Override
  public void repeat(MemorySegment x, long p, MemorySegment z, long r, int n) {
    FloatFused.fill(x.getAtIndex(JAVA_FLOAT, p), z, r * SIZE, n);
  }

  @Override
  public void copy(MemorySegment x, long p, long from, MemorySegment z, long r, long to, int n) {
    if (from == 1 && to == 1) {
      MemorySegment.copy(x, p * SIZE, z, r * SIZE, n * SIZE);
      return;
    }
    copyStrided(x, p * SIZE, from * SIZE, z, r * SIZE, to * SIZE, n);
  }

  @Override
  public void transpose(
      MemorySegment x,
      long p,
      long line,
      int lines,
      int count,
      MemorySegment z,
      long r,
      long step) {
    int whole = count & -4;
    int l = 0;
    for (; whole > 0 && l <= lines - 4; l += 4) {
      FloatQuartets.transpose(x, p + l * line, line, whole, z, r + l, step);
    }
    for (int i = whole; i < count; i++) {
      copy(x, p + i, line, z, r + i * step, 1, l);
    }
    for (; l < lines; l++) {
      copy(x, p + l * line, 1, z, r + l, step, count);
    }
  }

  private static void copyStrided(
      MemorySegment x, long p, long from, MemorySegment z, long r, long to, int n) {
    if (!(x.isNative() && z.isNative())) {
      throw NativeSegments.onHeap(x, z);
    }
    for (int i = 0; i < n; i++) {
      z.set(JAVA_FLOAT_UNALIGNED, r, x.get(JAVA_FLOAT_UNALIGNED, p));
      p += from;
      r += to;
    }
  }
}
