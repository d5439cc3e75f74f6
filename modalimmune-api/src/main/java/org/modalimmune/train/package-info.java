/**
 * Training: the multimodal model, the methods that can be compared, the loop with selection on
 * validation rows, and the comparison of methods over seeds. Test rows cannot be reached from the
 * training and selection code here; {@link org.modalimmune.train.ComparisonRun} hands them to the
 * evaluation of finished models only.
 */
package org.modalimmune.train;
