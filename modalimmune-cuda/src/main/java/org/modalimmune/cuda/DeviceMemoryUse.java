package org.modalimmune.cuda;

/**
 * Use of a device's memory by one backend at one moment.
 *
 * @param bytesInUse bytes of all tensors and intermediate results that have not been freed
 * @param allocationsInUse number of those; after {@code close}, those that were never freed
 * @param bytesReserved bytes obtained from the driver: in use, and kept for reuse
 */
public record DeviceMemoryUse(long bytesInUse, long allocationsInUse, long bytesReserved) {}
