package org.modalimmune.cuda.memory;

/**
 * Use of an allocator's memory at one moment.
 *
 * @param bytesInUse bytes of all storages that have been allocated and not released
 * @param storagesInUse number of those storages; what is left at close has leaked
 * @param bytesReserved bytes obtained from the driver: in use, and kept for reuse
 */
public record MemoryStatistics(long bytesInUse, long storagesInUse, long bytesReserved) {}
