package org.modalimmune.cli;

import java.util.List;
import java.util.stream.LongStream;

/** The seeds of a command that trains several times. */
final class SeedArguments {
  private SeedArguments() {}

  /** Seeds first, first + 1, ... */
  static List<Long> seeds(long first, int count) {
    if (count < 1) {
      throw new UsageException("--seeds: must be at least 1, got " + count);
    }
    if (first > Long.MAX_VALUE - count) {
      throw new UsageException(
          "--first-seed: "
              + first
              + " leaves no room for "
              + count
              + " seeds; choose a smaller one");
    }
    return LongStream.range(first, first + count).boxed().toList();
  }
}
