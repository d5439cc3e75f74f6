/**
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011). Every draw is a function of a key and a position, so that the CPU and the
 * GPU, and any number of threads, draw the same stream.
 */
package org.modalimmune.random;
