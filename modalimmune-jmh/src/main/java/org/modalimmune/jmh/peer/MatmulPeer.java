package org.modalimmune.jmh.peer;

/** A library that multiplies matrices; those of the profile are found by ServiceLoader. */
public interface MatmulPeer {
  /** Its name as a parameter. */
  String name();

  /**
   * Operands in the library's own form, and its threads set.
   *
   * @throws IllegalArgumentException if the library does not offer that
   */
  MatmulRival prepare(Product product, int threads);
}
