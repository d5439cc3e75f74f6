package org.modalimmune.evaluate;

/**
 * Robust mean accuracy of one seed's model when trained or run at a severity.
 *
 * @param severity 0 (none) to 1 (complete)
 * @param robustMean mean told accuracy over the incomplete patterns, 0 to 1
 */
public record SeverityValue(double severity, double robustMean) {}
