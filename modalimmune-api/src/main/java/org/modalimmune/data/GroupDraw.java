package org.modalimmune.data;

import java.util.Arrays;
import java.util.OptionalInt;
import org.modalimmune.io.DataException;

/** Draws whole groups to hold out; counts are groups x classes. */
final class GroupDraw {
  private final int[][] counts;
  private final int[] totals;
  private final double fraction;
  private final OptionalInt groupCount;
  private final long rows;

  GroupDraw(int[][] counts, double fraction, OptionalInt groupCount) {
    this.counts = counts;
    this.fraction = fraction;
    this.groupCount = groupCount;
    totals = new int[counts[0].length];
    for (int[] group : counts) {
      add(totals, group, 1);
    }
    rows = Arrays.stream(totals).asLongStream().sum();
  }

  /** The best of several draws: fewest classes without a held-out row, then closest counts. */
  boolean[] best(SplitMix64 random, int candidates) {
    int[] order = new int[counts.length];
    Arrays.setAll(order, i -> i);
    boolean[] best = new boolean[0];
    double bestScore = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates; i++) {
      random.shuffle(order);
      boolean[] chosen = draw(order);
      double score = score(chosen);
      if (score < bestScore) {
        best = chosen;
        bestScore = score;
      }
    }
    if (best.length == 0) {
      throw new DataException(
          "validation: no group can be held out without taking a class out of the training part"
              + (groupCount.isPresent()
                  ? "; ask for fewer than " + groupCount.getAsInt() + " groups"
                  : "; each group holds the only rows of a class, name another column or none"));
    }
    return best;
  }

  private boolean[] draw(int[] order) {
    boolean[] chosen = new boolean[counts.length];
    int[] left = totals.clone();
    double target = groupCount.isPresent() ? groupCount.getAsInt() : fraction * rows;
    double held = 0;
    for (int group : order) {
      double size = groupCount.isPresent() ? 1 : Arrays.stream(counts[group]).sum();
      boolean closer = held == 0 || Math.abs(held + size - target) < Math.abs(held - target);
      if (held < target && closer && leavesEveryClass(left, counts[group])) {
        add(left, counts[group], -1);
        chosen[group] = true;
        held += size;
      }
    }
    return chosen;
  }

  private static boolean leavesEveryClass(int[] left, int[] group) {
    for (int c = 0; c < left.length; c++) {
      if (group[c] > 0 && left[c] == group[c]) {
        return false;
      }
    }
    return true;
  }

  /** Infinite for an unusable draw; a class without a held-out row outweighs any difference. */
  private double score(boolean[] chosen) {
    int[] held = new int[totals.length];
    int groups = 0;
    for (int g = 0; g < counts.length; g++) {
      if (chosen[g]) {
        add(held, counts[g], 1);
        groups++;
      }
    }
    if (groups == 0 || (groupCount.isPresent() && groups != groupCount.getAsInt())) {
      return Double.POSITIVE_INFINITY;
    }
    double share = groupCount.isPresent() ? (double) groups / counts.length : fraction;
    double score = 0;
    for (int c = 0; c < totals.length; c++) {
      score += Math.abs(held[c] - share * totals[c]);
      score += held[c] == 0 && totals[c] > 0 ? 2.0 * rows : 0;
    }
    return score;
  }

  private static void add(int[] sum, int[] term, int sign) {
    for (int c = 0; c < sum.length; c++) {
      sum[c] += sign * term[c];
    }
  }
}
