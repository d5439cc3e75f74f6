/**
 * Vector API kernels. Every class here may exist once per vector width (see {@link
 * org.modalimmune.cpu.VectorWidth}), with its species in static final fields.
 *
 * <p>Only operations that IEEE 754 rounds correctly are used (add, multiply, fused multiply-add,
 * divide, square root, conversions): the library functions of the Vector API give other bits in
 * interpreted than in compiled code, and its floating-point lane sums have no defined order.
 */
package org.modalimmune.cpu.vector;
