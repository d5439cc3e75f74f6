package org.modalimmune.optim;

/** Learning rate by step. */
@FunctionalInterface
public interface Schedule {
  /**
   * The rate of one step.
   *
   * @param step number of the step, from 0
   */
  double at(long step);
}
