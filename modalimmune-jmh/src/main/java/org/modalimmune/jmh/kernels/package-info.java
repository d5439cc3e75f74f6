/** Benchmarks of single kernels. */
package org.modalimmune.jmh.kernels;
