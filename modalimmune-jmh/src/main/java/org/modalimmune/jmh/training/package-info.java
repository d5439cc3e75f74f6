/** Benchmarks of a whole training step. */
package org.modalimmune.jmh.training;
