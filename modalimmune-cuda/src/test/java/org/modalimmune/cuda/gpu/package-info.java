/**
 * What {@code gpu/run-on-gpu.sh} runs on a machine with a card: the conformance kit, parity with
 * the reference, a check for leaks, and a table of times. The mains take the place of a build
 * there.
 */
package org.modalimmune.cuda.gpu;
