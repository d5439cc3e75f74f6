/**
 * Two backends for the CPU: {@code reference}, the oracle, and {@code cpu}, the fast one. Both are
 * found through {@link org.modalimmune.backend.Backends}.
 */
package org.modalimmune.cpu;
