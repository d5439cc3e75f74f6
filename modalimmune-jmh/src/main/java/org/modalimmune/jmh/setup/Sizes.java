package org.modalimmune.jmh.setup;

import java.util.Arrays;

/** Sizes written as one parameter, such as {@code 4096x1024}. */
public final class Sizes {
  private Sizes() {}

  /**
   * The sizes of {@code text}.
   *
   * @param separator between two sizes
   * @param count how many there must be; 0 for any number
   */
  public static int[] parse(String text, String separator, int count) {
    int[] sizes;
    try {
      sizes = Arrays.stream(text.split(separator, -1)).mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(wrong(text, separator), e);
    }
    if ((count > 0 && sizes.length != count) || Arrays.stream(sizes).anyMatch(s -> s < 1)) {
      throw new IllegalArgumentException(wrong(text, separator));
    }
    return sizes;
  }

  private static String wrong(String text, String separator) {
    return "parameter: sizes are positive integers with " + separator + " between, got " + text;
  }
}
