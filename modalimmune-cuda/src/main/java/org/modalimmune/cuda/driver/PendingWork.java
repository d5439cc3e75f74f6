package org.modalimmune.cuda.driver;

/**
 * Work that has been asked for and not yet been given to the stream, so that it may still be joined
 * with what follows. Called with the stream's lock held.
 */
public interface PendingWork {
  /**
   * Gives the work to the stream; called before anything else is. Does nothing if there is none.
   */
  void flush();

  /** Says that nobody will read the memory at this address any more. */
  void released(long address);

  /** Never any. */
  static PendingWork none() {
    return new PendingWork() {
      @Override
      public void flush() {}

      @Override
      public void released(long address) {}
    };
  }
}
