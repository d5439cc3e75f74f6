package org.modalimmune.collapse;

/**
 * Largest eigenvalue of a {@link GramOperator} and what is known of its accuracy.
 *
 * @param value Ritz value, at most the eigenvalue
 * @param vector of unit length
 * @param second the next Ritz value; 0 for order 1
 * @param residual |M v - value v|: an eigenvalue lies within that of {@code value}
 * @param products vectors that M was multiplied by
 * @param converged whether the residual met its tolerance
 */
@SuppressWarnings("ArrayRecordComponent") // handed over inside the package, never compared
record TopEigenpair(
    double value,
    double[] vector,
    double second,
    double residual,
    int products,
    boolean converged) {}
