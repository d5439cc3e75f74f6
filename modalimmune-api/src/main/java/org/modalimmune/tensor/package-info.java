/**
 * Tensors: element type, shape, strided view, storage, and the scope that owns the memory.
 *
 * <p>Nothing here computes. Memory belongs to a {@link org.modalimmune.tensor.Scope}; the tensors
 * in it are views that check on every access whether the scope is still open.
 */
package org.modalimmune.tensor;
