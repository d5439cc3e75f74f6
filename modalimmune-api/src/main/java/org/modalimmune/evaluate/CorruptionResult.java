package org.modalimmune.evaluate;

/**
 * One method under one unannounced corruption.
 *
 * @param corruption what was done to which modality
 * @param metrics the metrics under it
 */
public record CorruptionResult(Corruption corruption, MetricSummary metrics) {}
