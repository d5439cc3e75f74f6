package org.modalimmune.cli.report;

import java.util.Locale;

/**
 * A colour scale from dark violet to yellow whose lightness rises evenly, so that it reads without
 * colour vision and in grey. The anchors are nine evenly spaced colours of matplotlib's viridis
 * (van der Walt and Smith 2015, CC0), interpolated linearly.
 */
final class Viridis {

  private static final int[] ANCHORS = {
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725
  };

  private Viridis() {}

  /** The colour at 0 (dark) to 1 (light), as {@code #rrggbb}. */
  static String color(double position) {
    return String.format(Locale.ROOT, "#%06x", rgb(position));
  }

  /**
   * Black or white, whichever has the higher contrast on the colour (WCAG 2 relative luminance).
   */
  static String textColor(double position) {
    int rgb = rgb(position);
    double luminance =
        0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 255) + 0.0722 * linear(rgb & 255);
    // Contrast with white is 1.05/(L + 0.05), with black (L + 0.05)/0.05: they meet at L = 0.179.
    return luminance > 0.179 ? "#000" : "#fff";
  }

  private static int rgb(double position) {
    double scaled = Math.clamp(position, 0, 1) * (ANCHORS.length - 1);
    int lower = Math.min((int) scaled, ANCHORS.length - 2);
    double share = scaled - lower;
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = ANCHORS[lower] >> shift & 255;
      int b = ANCHORS[lower + 1] >> shift & 255;
      mixed |= (int) Math.round(a + share * (b - a)) << shift;
    }
    return mixed;
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }
}
