package org.modalimmune.cuda.driver;

/**
 * A device's memory at one moment.
 *
 * @param freeBytes not in use by anyone
 * @param totalBytes size of the memory
 */
public record DeviceMemory(long freeBytes, long totalBytes) {}
