/**
 * The three faces of a report: {@code report.json}, a table on the terminal, and a page that works
 * offline. All show the same {@link org.modalimmune.evaluate.Report}.
 */
package org.modalimmune.cli.report;
