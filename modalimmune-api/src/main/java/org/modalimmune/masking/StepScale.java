package org.modalimmune.masking;

/**
 * How much of a step is taken.
 *
 * @param scale t in [0, 1]
 * @param reason why
 * @param increase what the quadratic model, rounded upward, says the loss changes by: negative
 *     where it falls; cut off at the range of float64
 */
public record StepScale(double scale, ScaleReason reason, double increase) {}
