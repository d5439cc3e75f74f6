package org.modalimmune.cuda.compile;

/**
 * A CUDA C source.
 *
 * @param name file name, for messages of the compiler
 * @param text the source; it may include the {@code .cuh} files beside the kernels
 * @param contraction whether the compiler may turn {@code a b + c} into one fused operation, which
 *     changes the last bit
 */
public record SourceText(String name, String text, boolean contraction) {
  /** A source whose every operation is rounded as it is written. */
  public SourceText(String name, String text) {
    this(name, text, false);
  }
}
