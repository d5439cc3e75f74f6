package org.modalimmune.cli;

/** Shows how far long work is. */
interface ProgressDisplay extends AutoCloseable {
  /** Something was finished; called by one thread at a time. */
  void update(WorkMeter meter);

  @Override
  void close();
}
