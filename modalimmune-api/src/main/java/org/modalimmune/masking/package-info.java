/**
 * Curvature-aware gradient masking: how much of a destructive gradient, one that takes information
 * away on purpose, a model's parameters are given beside the clean gradient.
 *
 * <p>Per block of parameters, three parts that can each be left out: a soft mask by the empirical
 * Fisher information, a freeze where the Hessian has a negative eigenvalue, and a budget for what
 * the clean loss may rise by to second order. {@link org.modalimmune.masking.GradientMasking} works
 * on plain arrays and functions; only {@link org.modalimmune.masking.AutodiffMasking} and its
 * operands know tensors.
 */
package org.modalimmune.masking;
