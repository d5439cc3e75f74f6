/**
 * Multimodal data sets: reading and checking them, standardisation, validation splits, and an
 * embedded synthetic set whose best possible results are known.
 *
 * <p>Training code receives {@link org.modalimmune.data.TrainingData}, which holds no test row; the
 * test rows travel apart, in {@link org.modalimmune.data.TestData}.
 */
package org.modalimmune.data;
