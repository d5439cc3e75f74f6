package org.modalimmune.data;

/**
 * Rows on which finished models are measured. Kept apart from {@link TrainingData}, so that nothing
 * can be fitted or selected on them by mistake.
 *
 * @param name the data set's name
 * @param schema modalities and classes
 * @param split the rows
 */
public record TestData(String name, DatasetSchema schema, MultimodalSplit split) {}
