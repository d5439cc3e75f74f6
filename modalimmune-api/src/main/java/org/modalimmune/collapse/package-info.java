/**
 * Spectrum-adaptive collapse: taking a modality's information away on purpose and under control.
 *
 * <p>{@link org.modalimmune.collapse.SpectralNoise} perturbs inputs along the data's own
 * within-class spectrum; an {@link org.modalimmune.collapse.Intervention} replaces embeddings, with
 * a severity from 0 (untouched) to 1 (gone). A {@link org.modalimmune.collapse.RankMeasure} says in
 * how many directions an embedding varies, and {@link org.modalimmune.collapse.CollapseLoss} asks
 * for fewer.
 */
package org.modalimmune.collapse;
