package org.modalimmune.tensor;

/** Element type of a tensor: IEEE 754 binary32 or binary64. */
public enum DType {
  /** 32-bit IEEE 754, unit roundoff 2^-24. */
  FLOAT32(Float.BYTES, 0x1p-24),
  /** 64-bit IEEE 754, unit roundoff 2^-53. */
  FLOAT64(Double.BYTES, 0x1p-53);

  private final int byteSize;
  private final double unitRoundoff;

  DType(int byteSize, double unitRoundoff) {
    this.byteSize = byteSize;
    this.unitRoundoff = unitRoundoff;
  }

  /** Bytes per element. */
  public int byteSize() {
    return byteSize;
  }

  /** Unit roundoff u: the largest relative error of one rounding to nearest. */
  public double unitRoundoff() {
    return unitRoundoff;
  }
}
