package org.modalimmune.evaluate;

/**
 * Where a report was made. These fields, and the times of each method, are the only ones in which
 * two runs of the same command may differ.
 *
 * @param backend name of the backend
 * @param device what it ran on
 * @param java version of the Java runtime
 * @param threads number of threads used
 * @param version version of ModalImmune
 */
public record Environment(
    String backend, String device, String java, int threads, String version) {}
