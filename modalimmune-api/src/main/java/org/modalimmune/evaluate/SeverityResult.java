package org.modalimmune.evaluate;

/**
 * Robustness at one severity.
 *
 * @param severity 0 to 1
 * @param robustMean mean told accuracy over the incomplete patterns
 */
public record SeverityResult(double severity, Summary robustMean) {}
