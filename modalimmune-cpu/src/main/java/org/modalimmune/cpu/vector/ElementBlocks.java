package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;

/**
 * Element-wise functions of dense operands of one type. Positions, strides and counts are in
 * elements; x, y and c are read, z is written, each at the position that follows it.
 */
interface ElementBlocks {
  /** Elements of a block that fits in the first cache together with its temporary copies. */
  int BLOCK = 512;

  /** Float64 copy of a block and the temporaries of a function. */
  long WIDE_BYTES = BLOCK * 8L * (1 + DoubleFunctions.TEMPORARIES);

  /** Bytes per element. */
  int size();

  /** {@code z = op(x, y)}. */
  void binary(
      BinaryOp op,
      MemorySegment x,
      long p,
      MemorySegment y,
      long q,
      MemorySegment z,
      long r,
      int n);

  /**
   * {@code z = op(x)}.
   *
   * @param wide room of {@link #WIDE_BYTES}
   */
  void unary(
      UnaryOp op, MemorySegment x, long p, MemorySegment z, long r, int n, MemorySegment wide);

  /** {@code z = c != 0 ? x : y}. */
  void select(
      MemorySegment c,
      long o,
      MemorySegment x,
      long p,
      MemorySegment y,
      long q,
      MemorySegment z,
      long r,
      int n);

  /** {@code z = scale x + shift}. */
  void affine(MemorySegment x, long p, double scale, double shift, MemorySegment z, long r, int n);

  /** {@code z = min(max(x, low), high)}. */
  void clamp(MemorySegment x, long p, double low, double high, MemorySegment z, long r, int n);

  /** {@code y += alpha x}. */
  void axpy(double alpha, MemorySegment x, long p, MemorySegment y, long q, int n);

  /** {@code z = value}. */
  void fill(double value, MemorySegment z, long r, int n);

  /** {@code z = } the one element of x, everywhere. */
  void repeat(MemorySegment x, long p, MemorySegment z, long r, int n);

  /** {@code z = x} with a stride {@code from} for x and {@code to} for z. */
  void copy(MemorySegment x, long p, long from, MemorySegment z, long r, long to, int n);

  /**
   * Lines of x side by side in z: element i of line l goes to {@code r + i * step + l}.
   *
   * @param line from one line of x to the next; its elements lie side by side
   */
  void transpose(
      MemorySegment x, long p, long line, int lines, int count, MemorySegment z, long r, long step);
}
