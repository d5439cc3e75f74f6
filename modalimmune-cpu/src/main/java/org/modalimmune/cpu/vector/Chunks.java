package org.modalimmune.cpu.vector;

/** A long sum as a fixed tree: chunks of one size, their sums added pairwise. */
final class Chunks {
  private Chunks() {}

  /** Sum of one chunk. */
  @FunctionalInterface
  interface ChunkSum {
    /** Sum of n elements from position {@code from}. */
    double of(long from, int n);
  }

  /** Sum of {@code count} elements; the same whether the chunks are summed here or elsewhere. */
  static double sum(long count, int chunk, ChunkSum f) {
    if (count <= chunk) {
      return count == 0 ? 0 : f.of(0, (int) count);
    }
    double[] sums = new double[Math.toIntExact((count + chunk - 1) / chunk)];
    for (int c = 0; c < sums.length; c++) {
      long from = (long) c * chunk;
      sums[c] = f.of(from, (int) Math.min(chunk, count - from));
    }
    return pairwise(sums, 0, sums.length);
  }

  /** Sum of {@code sums[from .. to - 1]}, at least one, by halves. */
  static double pairwise(double[] sums, int from, int to) {
    if (to - from == 1) {
      return sums[from];
    }
    int middle = (from + to) >>> 1;
    return pairwise(sums, from, middle) + pairwise(sums, middle, to);
  }
}
