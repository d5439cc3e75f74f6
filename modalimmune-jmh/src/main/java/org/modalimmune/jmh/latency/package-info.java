/** Benchmarks of what is small, odd or first. */
package org.modalimmune.jmh.latency;
