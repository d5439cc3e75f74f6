package org.modalimmune.cuda.library.panama;

/** What all bindings of this package share. */
final class Call {
  private Call() {}

  /**
   * A call of a native function cannot throw; what a handle's signature declares is turned here.
   */
  static AssertionError impossible(Throwable thrown) {
    return new AssertionError("a call of a native function threw", thrown);
  }
}
