package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.io.DataException;

class GroupedSplitTest {

  private static List<String> classes(int count) {
    return IntStream.range(0, count).mapToObj(c -> "c" + c).toList();
  }

  private static Set<String> groupsOf(int[] rows, List<String> groups) {
    return Arrays.stream(rows).mapToObj(groups::get).collect(Collectors.toSet());
  }

  private static Set<Integer> classesOf(int[] rows, int[] labels) {
    return Arrays.stream(rows).mapToObj(row -> labels[row]).collect(Collectors.toSet());
  }

  private static void checkPartition(GroupedSplit.Parts parts, int rows) {
    int[] all =
        IntStream.concat(Arrays.stream(parts.train()), Arrays.stream(parts.validation()))
            .sorted()
            .toArray();
    assertArrayEquals(IntStream.range(0, rows).toArray(), all);
  }

  @Property(tries = 300)
  void noGroupIsDividedAndEveryClassStaysInTraining(
      @ForAll @IntRange(min = 2, max = 30) int groupCount,
      @ForAll @IntRange(min = 2, max = 20) int rowsPerGroup,
      @ForAll @IntRange(min = 2, max = 5) int classCount,
      @ForAll long seed) {
    Random random = new Random(seed);
    int rows = rowsPerGroup * groupCount;
    int[] labels = random.ints(rows, 0, classCount).toArray();
    List<String> groups =
        IntStream.range(0, rows)
            .mapToObj(row -> "g" + (row < groupCount ? row : random.nextInt(groupCount)))
            .toList();
    ValidationOptions options = ValidationOptions.seeded(seed);
    if (groups.stream().distinct().noneMatch(g -> leavesEveryClass(g, labels, groups))) {
      refused("no group can be held out", labels, classCount, groups, options);
      return;
    }
    GroupedSplit.Parts parts =
        GroupedSplit.split(labels, classes(classCount), Optional.of(groups), options);
    checkPartition(parts, rows);
    assertTrue(
        Collections.disjoint(
            groupsOf(parts.train(), groups), groupsOf(parts.validation(), groups)));
    Set<Integer> all = classesOf(IntStream.range(0, rows).toArray(), labels);
    assertEquals(all, classesOf(parts.train(), labels));
    if (parts.notes().isEmpty()) {
      assertEquals(all, classesOf(parts.validation(), labels));
    } else {
      assertNotEquals(all, classesOf(parts.validation(), labels));
    }
  }

  /** Whether every class has a row outside the group. */
  private static boolean leavesEveryClass(String group, int[] labels, List<String> groups) {
    int[] outside =
        IntStream.range(0, labels.length).filter(row -> !groups.get(row).equals(group)).toArray();
    return classesOf(outside, labels)
        .equals(classesOf(IntStream.range(0, labels.length).toArray(), labels));
  }

  @Test
  void theHeldOutShareComesCloseWhereGroupsAreSmall() {
    int[] labels = IntStream.range(0, 1000).map(row -> row / 3 % 2).toArray();
    List<String> groups = IntStream.range(0, 1000).mapToObj(row -> "g" + row / 10).toList();
    GroupedSplit.Parts parts =
        GroupedSplit.split(labels, classes(2), Optional.of(groups), ValidationOptions.seeded(4));
    assertEquals(150, parts.validation().length);
    long ones = Arrays.stream(parts.validation()).filter(row -> labels[row] == 1).count();
    assertEquals(75.0, (double) ones, 3.0);
    GroupedSplit.Parts ten =
        GroupedSplit.split(
            labels,
            classes(2),
            Optional.of(groups),
            ValidationOptions.seeded(4).withGroupCount(10));
    assertEquals(100, ten.validation().length);
  }

  @Property(tries = 200)
  void theStratifiedDrawHoldsOutTheShareOfEveryClass(
      @ForAll @IntRange(min = 2, max = 5) int classCount,
      @ForAll @IntRange(min = 1, max = 99) int percent,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] labels = random.ints(200, 0, classCount).toArray();
    GroupedSplit.Parts parts =
        GroupedSplit.split(
            labels,
            classes(classCount),
            Optional.empty(),
            ValidationOptions.seeded(seed).withFraction(percent / 100.0));
    checkPartition(parts, 200);
    for (int c = 0; c < classCount; c++) {
      int label = c;
      long total = Arrays.stream(labels).filter(v -> v == label).count();
      long held = Arrays.stream(parts.validation()).filter(r -> labels[r] == label).count();
      if (total >= 2) {
        assertTrue(held >= 1 && held < total);
        assertTrue(Math.abs(held - percent / 100.0 * total) <= 1);
      }
    }
  }

  @Test
  void theSeedDecidesAndNothingElse() {
    int[] labels = IntStream.range(0, 100).map(row -> row % 2).toArray();
    int[] first = held(labels, 1);
    assertArrayEquals(first, held(labels, 1));
    assertFalse(Arrays.equals(first, held(labels, 2)));
  }

  private static int[] held(int[] labels, long seed) {
    return GroupedSplit.split(labels, classes(2), Optional.empty(), ValidationOptions.seeded(seed))
        .validation();
  }

  @Test
  void aClassThatCannotBeDividedStaysInTrainingAndIsNamed() {
    int[] labels = {0, 0, 0, 0, 1, 1, 1, 1, 2};
    GroupedSplit.Parts rows =
        GroupedSplit.split(labels, classes(3), Optional.empty(), ValidationOptions.seeded(1));
    assertEquals(List.of("class 'c2' has one row; it stays in the training part"), rows.notes());
    List<String> groups = List.of("a", "a", "b", "b", "a", "a", "b", "b", "b");
    GroupedSplit.Parts grouped =
        GroupedSplit.split(labels, classes(3), Optional.of(groups), ValidationOptions.seeded(1));
    assertArrayEquals(new int[] {0, 1, 4, 5}, grouped.validation());
    assertEquals(
        List.of("class 'c2' occurs in one group; it stays in the training part"), grouped.notes());
  }

  @Test
  void whatCannotBeHeldOutIsRefused() {
    int[] labels = {0, 1, 0, 1};
    ValidationOptions options = ValidationOptions.seeded(1);
    refused("has 1 group;", labels, 2, List.of("a", "a", "a", "a"), options);
    refused("every row is its own group", labels, 2, List.of("a", "b", "c", "d"), options);
    refused("ask for at most 1", labels, 2, List.of("a", "a", "b", "b"), options.withGroupCount(2));
    refused("no group can be held out", labels, 2, List.of("a", "b", "a", "b"), options);
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                GroupedSplit.split(
                    labels, classes(2), Optional.empty(), options.withGroupCount(1)));
    assertTrue(String.valueOf(e.getMessage()).contains("no group column"));
    assertThrows(
        DataException.class,
        () -> GroupedSplit.split(new int[] {0, 1}, classes(2), Optional.empty(), options));
    assertThrows(DataException.class, () -> options.withFraction(1));
    assertThrows(DataException.class, () -> options.withFraction(Double.NaN));
    assertThrows(DataException.class, () -> options.withGroupCount(0));
  }

  private static void refused(
      String reason, int[] labels, int classCount, List<String> groups, ValidationOptions options) {
    DataException e =
        assertThrows(
            DataException.class,
            () -> GroupedSplit.split(labels, classes(classCount), Optional.of(groups), options));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e::getMessage);
  }
}
