package org.modalimmune.cli.report;

import java.nio.charset.Charset;

/**
 * What the output understands.
 *
 * @param bold whether escape sequences for bold may be written; false for anything but a terminal
 * @param plusMinus the sign between a mean and its half-width
 */
public record TerminalStyle(boolean bold, String plusMinus) {

  /** Plain ASCII. */
  public static final TerminalStyle ASCII = new TerminalStyle(false, "+-");

  /**
   * The style for an output.
   *
   * @param charset its character set
   * @param terminal whether it is a terminal
   * @return the style
   */
  public static TerminalStyle of(Charset charset, boolean terminal) {
    return new TerminalStyle(terminal, charset.newEncoder().canEncode('±') ? "±" : "+-");
  }
}
