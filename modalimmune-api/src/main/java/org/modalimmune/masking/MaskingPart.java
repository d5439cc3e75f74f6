package org.modalimmune.masking;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The parts of the operator. */
public enum MaskingPart {
  /** Soft mask by the empirical Fisher information. */
  FISHER,
  /** Freeze of blocks whose Hessian has a negative eigenvalue. */
  FREEZE,
  /** Second-order budget of the clean loss. */
  BUDGET;

  /**
   * Reads {@code none}, {@code all}, or names separated by commas, such as {@code fisher,budget}.
   *
   * @throws IllegalArgumentException if a name is unknown or occurs twice
   */
  public static Set<MaskingPart> parse(String text) {
    if (text.equals("none")) {
      return Set.of();
    }
    if (text.equals("all")) {
      return Collections.unmodifiableSet(EnumSet.allOf(MaskingPart.class));
    }
    EnumSet<MaskingPart> parts = EnumSet.noneOf(MaskingPart.class);
    for (String name : text.split(",", -1)) {
      if (!parts.add(named(name, text))) {
        throw new IllegalArgumentException(
            "masking: " + name + " is named twice in \"" + text + "\"");
      }
    }
    return Collections.unmodifiableSet(parts);
  }

  private static MaskingPart named(String name, String text) {
    for (MaskingPart part : values()) {
      if (part.toString().equals(name.strip())) {
        return part;
      }
    }
    throw new IllegalArgumentException(
        "masking: needs none, all, or a comma-separated list of fisher, freeze and budget, got \""
            + text
            + "\"");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
