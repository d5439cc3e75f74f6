package org.modalimmune.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.modalimmune.io.DataException;

/**
 * Divides training rows into rows to fit and rows to select by.
 *
 * <p>Without groups the draw is stratified: of every class with at least two rows, the fraction
 * (rounded, at least one row, never all) is held out. With groups, whole groups are held out: of
 * {@value #CANDIDATES} seeded draws the one whose class counts come closest to the fraction is
 * taken, among those in which every class that can occur in both parts does. A class that cannot
 * (one row, or one group) stays in the training part, and a note says so.
 */
public final class GroupedSplit {
  /** Seeded draws of groups that are compared. */
  static final int CANDIDATES = 200;

  private GroupedSplit() {}

  /** The rows of both parts, ascending. */
  public static final class Parts {
    private final int[] train;
    private final int[] validation;
    private final List<String> notes;

    private Parts(boolean[] heldOut, List<String> notes) {
      int[] rows = new int[heldOut.length];
      Arrays.setAll(rows, i -> i);
      this.train = Arrays.stream(rows).filter(row -> !heldOut[row]).toArray();
      this.validation = Arrays.stream(rows).filter(row -> heldOut[row]).toArray();
      this.notes = List.copyOf(notes);
    }

    /**
     * Rows to fit.
     *
     * @return a copy, ascending
     */
    public int[] train() {
      return train.clone();
    }

    /**
     * Rows to select by.
     *
     * @return a copy, ascending
     */
    public int[] validation() {
      return validation.clone();
    }

    /**
     * What could not be satisfied.
     *
     * @return one sentence each; mostly empty
     */
    public List<String> notes() {
      return notes;
    }
  }

  /**
   * Draws the two parts.
   *
   * @param labels one class index per row
   * @param classNames for messages
   * @param groups one group per row, or empty for a stratified draw
   * @param options size and seed
   * @return disjoint parts that cover all rows; no group lies in both
   * @throws DataException if there are fewer than two groups, as many groups as rows, more groups
   *     asked for than can be held out, or no row that can be held out
   */
  public static Parts split(
      int[] labels,
      List<String> classNames,
      Optional<List<String>> groups,
      ValidationOptions options) {
    if (groups.isPresent()) {
      return grouped(labels, classNames, groups.get(), options);
    }
    if (options.groupCount().isPresent()) {
      throw new DataException(
          "validation: "
              + options.groupCount().getAsInt()
              + " groups are to be held out, but no group column is named");
    }
    return stratified(labels, classNames, options);
  }

  private static Parts stratified(
      int[] labels, List<String> classNames, ValidationOptions options) {
    SplitMix64 random = new SplitMix64(options.seed());
    boolean[] heldOut = new boolean[labels.length];
    List<String> notes = new ArrayList<>();
    int total = 0;
    for (int c = 0; c < classNames.size(); c++) {
      int wanted = c;
      int[] rows = rowsWhere(labels, wanted);
      if (rows.length < 2) {
        if (rows.length == 1) {
          notes.add(stays(classNames.get(c), "has one row"));
        }
        continue;
      }
      random.shuffle(rows);
      long count = Math.round(options.fraction() * rows.length);
      int hold = Math.clamp(count, 1, rows.length - 1);
      for (int i = 0; i < hold; i++) {
        heldOut[rows[i]] = true;
      }
      total += hold;
    }
    if (total == 0) {
      throw new DataException(
          "validation: no class has two rows, so none can be held out; add training rows");
    }
    return new Parts(heldOut, notes);
  }

  private static int[] rowsWhere(int[] labels, int wanted) {
    int[] rows = new int[labels.length];
    Arrays.setAll(rows, i -> i);
    return Arrays.stream(rows).filter(row -> labels[row] == wanted).toArray();
  }

  private static String stays(String className, String why) {
    return "class '" + className + "' " + why + "; it stays in the training part";
  }

  private static Parts grouped(
      int[] labels, List<String> classNames, List<String> groups, ValidationOptions options) {
    Map<String, Integer> indexOf = new LinkedHashMap<>();
    int[] groupOf = new int[labels.length];
    for (int row = 0; row < labels.length; row++) {
      String group = groups.get(row);
      indexOf.putIfAbsent(group, indexOf.size());
      groupOf[row] = indexOf.get(group);
    }
    int groupCount = indexOf.size();
    checkGroupCount(groupCount, labels.length, options.groupCount());
    int[][] counts = new int[groupCount][classNames.size()];
    for (int row = 0; row < labels.length; row++) {
      counts[groupOf[row]][labels[row]]++;
    }
    boolean[] chosen =
        new GroupDraw(counts, options.fraction(), options.groupCount())
            .best(new SplitMix64(options.seed()), CANDIDATES);
    boolean[] heldOut = new boolean[labels.length];
    for (int row = 0; row < labels.length; row++) {
      heldOut[row] = chosen[groupOf[row]];
    }
    return new Parts(heldOut, notesOn(counts, chosen, classNames));
  }

  private static void checkGroupCount(int groups, int rows, OptionalInt wanted) {
    if (groups < 2) {
      throw new DataException(
          "validation: the group column has "
              + groups
              + " group; at least 2 are needed to hold one out; name another column or none");
    }
    if (groups == rows) {
      throw new DataException(
          "validation: the group column has "
              + groups
              + " groups in "
              + rows
              + " rows, so every row is its own group; name a column that repeats, or none");
    }
    if (wanted.isPresent() && wanted.getAsInt() >= groups) {
      throw new DataException(
          "validation: "
              + wanted.getAsInt()
              + " groups are to be held out, the group column has "
              + groups
              + "; ask for at most "
              + (groups - 1));
    }
  }

  private static List<String> notesOn(int[][] counts, boolean[] chosen, List<String> classNames) {
    List<String> notes = new ArrayList<>();
    for (int c = 0; c < classNames.size(); c++) {
      int groupsWith = 0;
      boolean held = false;
      for (int g = 0; g < counts.length; g++) {
        groupsWith += counts[g][c] > 0 ? 1 : 0;
        held |= chosen[g] && counts[g][c] > 0;
      }
      if (groupsWith > 0 && !held) {
        notes.add(
            stays(
                classNames.get(c),
                groupsWith == 1
                    ? "occurs in one group"
                    : "occurs in no held-out group of any draw of this size"));
      }
    }
    return notes;
  }
}
