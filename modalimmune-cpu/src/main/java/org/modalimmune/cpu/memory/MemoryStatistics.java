package org.modalimmune.cpu.memory;

/**
 * Use of an allocator's memory at one moment.
 *
 * @param bytesInUse bytes of all storages that have been allocated and not released
 * @param storagesInUse number of those storages
 * @param bytesReserved bytes obtained from the operating system: in use, and kept for reuse
 */
public record MemoryStatistics(long bytesInUse, long storagesInUse, long bytesReserved) {}
