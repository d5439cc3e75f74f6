package org.modalimmune.train;

import org.modalimmune.tensor.DType;

/**
 * Sizes of a {@link MultimodalModel}.
 *
 * @param encoderHidden width of each encoder's hidden layer
 * @param embedding width d of each modality's embedding
 * @param fusionHidden width of the fused representation
 * @param decoderHidden width of each decoder's hidden layer
 * @param dropout rate after the encoders' hidden layer, in [0, 1)
 * @param dtype element type of parameters and activations
 */
public record ModelOptions(
    int encoderHidden,
    int embedding,
    int fusionHidden,
    int decoderHidden,
    double dropout,
    DType dtype) {
  /** Checks the ranges. */
  public ModelOptions {
    if (encoderHidden < 1 || embedding < 1 || fusionHidden < 1 || decoderHidden < 1) {
      throw new IllegalArgumentException(
          "model: widths must be at least 1, got encoder "
              + encoderHidden
              + ", embedding "
              + embedding
              + ", fusion "
              + fusionHidden
              + ", decoder "
              + decoderHidden);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("model: dropout must be in [0, 1), got " + dropout);
    }
  }

  /** Encoders n-128-64 with dropout 0.2, fusion 64, decoders 64-128-n, float32. */
  public static ModelOptions defaults() {
    return new ModelOptions(128, 64, 64, 128, 0.2, DType.FLOAT32);
  }
}
