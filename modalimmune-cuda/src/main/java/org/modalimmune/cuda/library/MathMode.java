package org.modalimmune.cuda.library;

/** How cuBLAS multiplies float32 matrices; float64 is never touched. */
public enum MathMode {
  /** Float32 products and sums throughout: the bounds of {@code spec/tolerances.md} hold. */
  STRICT,
  /** Operands rounded to TF32 (10 bits of fraction), sums in float32. */
  TF32,
  /** Operands rounded to bfloat16 (7 bits of fraction), sums in float32. */
  BF16
}
