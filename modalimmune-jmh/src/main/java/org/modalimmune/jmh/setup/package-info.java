/** What benchmarks share: an open backend, operands, and the check that rivals agree. */
package org.modalimmune.jmh.setup;
