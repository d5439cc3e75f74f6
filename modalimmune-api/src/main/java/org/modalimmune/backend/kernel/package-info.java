/**
 * The numerical kernels a backend provides, one small interface per role.
 *
 * <p>Contract of every kernel method, checked by {@link org.modalimmune.backend.Ops} before the
 * call and by the conformance kit: all tensors belong to the kernel's own backend and are open; all
 * have the same element type unless stated; operands may be any strided view, expanded axes (stride
 * 0) included; outputs are never expanded, do not overlap each other, and do not overlap an operand
 * except as the very same view where the method allows it. A kernel writes every element of its
 * outputs and nothing else. Results depend on neither the number of threads nor on timing.
 */
package org.modalimmune.backend.kernel;
