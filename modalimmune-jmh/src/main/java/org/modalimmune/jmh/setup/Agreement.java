package org.modalimmune.jmh.setup;

/** Whether what is about to be timed computes what it should. */
public final class Agreement {
  private Agreement() {}

  /**
   * Checks {@code |got - expected| <= tolerance max|expected|} for each element.
   *
   * @throws DisagreementException if an element is farther away, or is NaN
   */
  public static void elementwise(String what, double[] got, double[] expected, double tolerance) {
    requireLength(what, got, expected);
    double scale = 0;
    for (double e : expected) {
      scale = Math.max(scale, Math.abs(e));
    }
    for (int i = 0; i < got.length; i++) {
      if (!(Math.abs(got[i] - expected[i]) <= tolerance * scale)) {
        throw new DisagreementException(
            what
                + ": element "
                + i
                + " is "
                + got[i]
                + ", expected "
                + expected[i]
                + " within "
                + tolerance * scale);
      }
    }
  }

  /**
   * Checks {@code |got - expected|_2 <= tolerance |expected|_2}.
   *
   * @throws DisagreementException if it is farther away, or not finite
   */
  public static void inNorm(String what, double[] got, double[] expected, double tolerance) {
    requireLength(what, got, expected);
    double error = 0;
    double norm = 0;
    for (int i = 0; i < got.length; i++) {
      double difference = got[i] - expected[i];
      error += difference * difference;
      norm += expected[i] * expected[i];
    }
    double relative = Math.sqrt(error / norm);
    if (!(relative <= tolerance)) {
      throw new DisagreementException(
          what + ": the error is " + relative + " of the norm, allowed " + tolerance);
    }
  }

  private static void requireLength(String what, double[] got, double[] expected) {
    if (got.length != expected.length) {
      throw new DisagreementException(
          what + ": has " + got.length + " elements, expected " + expected.length);
    }
  }
}
