/** Benchmarks of rank measures with their gradient. */
package org.modalimmune.jmh.collapse;
