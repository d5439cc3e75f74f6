package org.modalimmune.collapse;

import org.modalimmune.tensor.Tensor;

/**
 * A rank and its gradient.
 *
 * @param value from 1 to min(B - 1, d), up to rounding
 * @param gradient with respect to the embedding, [B, d]
 */
public record RankGradient(double value, Tensor gradient) {}
