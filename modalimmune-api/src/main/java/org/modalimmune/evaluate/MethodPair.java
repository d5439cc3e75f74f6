package org.modalimmune.evaluate;

/**
 * Two methods of a report to be compared.
 *
 * @param method name of the first
 * @param against name of the second, which is subtracted
 */
public record MethodPair(String method, String against) {}
