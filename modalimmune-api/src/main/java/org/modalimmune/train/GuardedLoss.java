package org.modalimmune.train;

import org.modalimmune.autodiff.Variable;

/**
 * The part of a loss that destructive gradients must not harm.
 *
 * @param loss a scalar
 * @param rows the part of it that belongs to each row, [B]
 */
public record GuardedLoss(Variable loss, Variable rows) {}
