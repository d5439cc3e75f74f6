package org.modalimmune.evaluate;

import java.util.OptionalDouble;

/**
 * How well one absent modality is reconstructed from all the others.
 *
 * @param modality its name
 * @param r2 coefficient of determination over its standardised features
 * @param ceiling the best R2 possible, where known
 */
public record ReconstructionResult(String modality, Summary r2, OptionalDouble ceiling) {}
