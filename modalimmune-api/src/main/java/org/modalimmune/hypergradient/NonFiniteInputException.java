package org.modalimmune.hypergradient;

/** An input, or a product of an operator that was passed in, holds NaN or infinity. */
public final class NonFiniteInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String input;
  private final int index;
  private final double value;

  /**
   * Names the first value that is not finite.
   *
   * @param input the input, such as {@code right-hand side} or {@code operator: product 3}
   * @param index position of the value
   * @param value NaN or an infinity
   */
  public NonFiniteInputException(String input, int index, double value) {
    super(input + " must be finite, got " + value + " at index " + index);
    this.input = input;
    this.index = index;
    this.value = value;
  }

  /** The input that is not finite. */
  public String input() {
    return input;
  }

  /** Position of its first value that is not finite. */
  public int index() {
    return index;
  }

  /** That value: NaN or an infinity. */
  public double value() {
    return value;
  }

  static void requireFinite(String input, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new NonFiniteInputException(input, i, values[i]);
      }
    }
  }
}
