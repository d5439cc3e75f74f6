/**
 * Reverse-mode automatic differentiation in which every derivative rule is itself written in
 * differentiable operations, so that derivatives of any order are exact up to rounding.
 *
 * <p>A {@link org.modalimmune.autodiff.Tape} records what is computed from its leaves; {@link
 * org.modalimmune.autodiff.Gradients} walks it backwards. Operations live by role in {@link
 * org.modalimmune.autodiff.Elementwise}, {@link org.modalimmune.autodiff.Reduction}, {@link
 * org.modalimmune.autodiff.Matrix}, {@link org.modalimmune.autodiff.Normalization} and {@link
 * org.modalimmune.autodiff.Shaping}; {@link org.modalimmune.autodiff.Rule} adds one's own.
 */
package org.modalimmune.autodiff;
