/**
 * Honest robustness reports: presence patterns, corruptions, metrics, and the statistics that turn
 * results per seed into means, intervals and paired comparisons.
 *
 * <p>The figures are formed on plain arrays, so that predictions of any framework can be judged:
 * fill a {@link org.modalimmune.evaluate.SeedResult} per seed and hand them to {@link
 * org.modalimmune.evaluate.ReportBuilder}.
 */
package org.modalimmune.evaluate;
