/** The table of measured figures, from one run of all hot paths. */
package org.modalimmune.jmh.report;
