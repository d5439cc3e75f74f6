/**
 * The reference kernels: plain loops over strided views, float32 computed in float64 and rounded
 * once. They are what other backends are compared with, and what a new backend starts from.
 */
package org.modalimmune.cpu.reference;
