package org.modalimmune.cpu.parallel;

/** One of the parts that a kernel call is split into. */
@FunctionalInterface
public interface Task {
  /** Does part {@code index}; parts write disjoint memory. */
  void run(int index);
}
