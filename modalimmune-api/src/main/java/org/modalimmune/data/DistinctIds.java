package org.modalimmune.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modalimmune.io.DataException;

/**
 * Refuses ids that name two rows of one split: neither alignment nor a prediction can tell them.
 */
final class DistinctIds {
  private DistinctIds() {}

  /** The column or array of ids: the one named, else the default one. */
  static String name(DatasetOptions options) {
    return options.idColumn().orElse(DatasetOptions.DEFAULT_ID);
  }

  /**
   * Checks one part's ids. Blank ones name no row. A column that was taken for its name alone but
   * is also the group or label column is none of row names, and is not checked.
   *
   * @param origin where they were read, for messages
   * @param column their column in a file of several, in the words of a message, or empty
   */
  static void require(
      DatasetOptions options, SplitSource.Origin origin, String column, List<String> ids) {
    if (options.idColumn().isEmpty() && hasOtherUse(options)) {
      return;
    }
    Map<String, Integer> rows = new HashMap<>();
    for (int row = 0; row < ids.size(); row++) {
      String id = ids.get(row);
      Integer before = id.isBlank() ? null : rows.putIfAbsent(id, row);
      if (before != null) {
        throw new DataException(
            origin.name()
                + ", "
                + origin.row(row)
                + column
                + ": the id '"
                + id
                + "' already names "
                + origin.row(before)
                + "; give each row its own, or name another id column, or rename this one if it"
                + " groups rows");
      }
    }
  }

  private static boolean hasOtherUse(DatasetOptions options) {
    String name = DatasetOptions.DEFAULT_ID;
    return options.labelColumn().equals(name)
        || options.groupColumn().filter(name::equals).isPresent();
  }
}
