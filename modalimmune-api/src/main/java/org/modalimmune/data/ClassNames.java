package org.modalimmune.data;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.modalimmune.io.DataException;

/**
 * The classes of a data set in their order.
 *
 * @param names the place of a name is the class index
 */
record ClassNames(List<String> names) {
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,40}");

  ClassNames {
    names = List.copyOf(names);
  }

  /** The classes that occur in training labels. */
  static ClassNames of(Optional<SplitSource.Labels> labels, String column) {
    SplitSource.Labels part =
        labels.orElseThrow(() -> new IllegalStateException("labels were asked for"));
    List<String> values =
        part.values().orElseThrow(() -> new IllegalStateException("labels were asked for"));
    TreeSet<String> distinct = new TreeSet<>(values);
    if (distinct.size() < 2) {
      throw new DataException(
          part.origin().name()
              + ", column '"
              + column
              + "': every row has the label '"
              + distinct.first()
              + "'; at least two classes are needed");
    }
    if (distinct.size() > values.size() / 2) {
      throw new DataException(
          part.origin().name()
              + ", column '"
              + column
              + "': "
              + distinct.size()
              + " different labels in "
              + values.size()
              + " rows; a class needs several rows, is this column a number or an id?");
    }
    Comparator<String> order = Comparator.naturalOrder();
    if (distinct.stream().allMatch(name -> INTEGER.matcher(name).matches())) {
      order = Comparator.<String, BigInteger>comparing(BigInteger::new).thenComparing(order);
    }
    return new ClassNames(distinct.stream().sorted(order).toList());
  }

  /** The class index of every row; a label that training did not have is refused. */
  int[] indices(SplitSource.Labels labels, String column) {
    Map<String, Integer> indexOf = new HashMap<>();
    for (String name : names) {
      indexOf.put(name, indexOf.size());
    }
    List<String> values =
        labels.values().orElseThrow(() -> new IllegalStateException("labels were asked for"));
    int[] indices = new int[values.size()];
    for (int row = 0; row < indices.length; row++) {
      Integer index = indexOf.get(values.get(row));
      if (index == null) {
        throw new DataException(
            labels.origin().name()
                + ", "
                + labels.origin().row(row)
                + ", column '"
                + column
                + "': the label '"
                + values.get(row)
                + "' does not occur in the training data, which has "
                + (names.size() > 20 ? names.size() + " other classes" : names)
                + "; correct it or remove the row from all files");
      }
      indices[row] = index;
    }
    return indices;
  }
}
