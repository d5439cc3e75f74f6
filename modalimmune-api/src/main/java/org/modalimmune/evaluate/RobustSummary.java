package org.modalimmune.evaluate;

/**
 * An aggregate over several situations (a mean or a minimum), formed for each seed first and then
 * summarised over seeds.
 *
 * @param accuracy the aggregate of the accuracies, 0 to 1
 * @param balancedAccuracy the aggregate of the balanced accuracies, 0 to 1
 */
public record RobustSummary(Summary accuracy, Summary balancedAccuracy) {}
