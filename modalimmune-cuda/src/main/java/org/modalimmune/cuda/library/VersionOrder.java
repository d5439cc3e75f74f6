package org.modalimmune.cuda.library;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Comparator;

/** File names by the numbers in them: cuda-9.2 before cuda-12.6, cuda before both. */
final class VersionOrder implements Comparator<Path>, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public int compare(Path a, Path b) {
    return Comparator.comparing(VersionOrder::padded).compare(name(a), name(b));
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static String padded(String name) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < name.length()) {
      int end = i;
      while (end < name.length() && Character.isDigit(name.charAt(end))) {
        end++;
      }
      if (end > i) {
        out.append("0".repeat(Math.max(0, 12 - (end - i)))).append(name, i, end);
        i = end;
      } else {
        out.append(name.charAt(i++));
      }
    }
    return out.toString();
  }
}
