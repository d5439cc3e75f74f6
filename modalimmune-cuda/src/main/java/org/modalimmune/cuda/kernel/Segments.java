package org.modalimmune.cuda.kernel;

/**
 * How a reduction is cut among blocks: by its sizes alone, never by the device, so that every card
 * adds in the same order.
 *
 * @param count segments of each output
 * @param length elements of a segment; the last one may be shorter
 */
record Segments(long count, long length) {
  // fills the largest cards a few times over
  private static final long BLOCKS_WANTED = 2048;
  private static final long SHORT_ROW = 1024;
  // at least so many elements for a block's 256 threads
  private static final long LEAST_OF_ROW = 4096;
  private static final long LEAST_OF_COLUMNS = 256;
  // at most 1024 additions in sequence in each running total of a thread
  private static final long MOST_OF_ROW = 1L << 20;
  private static final long MOST_OF_COLUMNS = 1L << 15;
  // one round of a block
  private static final long ROUND_OF_ROW = 1024;
  private static final long ROUND_OF_COLUMNS = 32;

  /** Rows of n elements, so many of them. */
  static Segments ofRows(long n, long rows) {
    return cut(n, rows, LEAST_OF_ROW, MOST_OF_ROW, ROUND_OF_ROW);
  }

  /** Columns of n elements, so many tiles of them. */
  static Segments ofColumns(long n, long tiles) {
    return cut(n, tiles, LEAST_OF_COLUMNS, MOST_OF_COLUMNS, ROUND_OF_COLUMNS);
  }

  /** Whether rows are so short that a warp takes each. */
  boolean byWarps() {
    return count == 1 && length <= SHORT_ROW;
  }

  private static Segments cut(long n, long outputs, long least, long most, long round) {
    long useful = Math.min(ceil(n, least), Math.max(1, BLOCKS_WANTED / outputs));
    long wanted = Math.max(useful, ceil(n, most));
    long length = ceil(ceil(n, wanted), round) * round;
    return new Segments(ceil(n, length), length);
  }

  private static long ceil(long a, long b) {
    return (a + b - 1) / b;
  }
}
