/**
 * Backends: how they are found ({@link org.modalimmune.backend.Backends}), opened ({@link
 * org.modalimmune.backend.BackendProvider}) and used ({@link org.modalimmune.backend.Ops}).
 */
package org.modalimmune.backend;
