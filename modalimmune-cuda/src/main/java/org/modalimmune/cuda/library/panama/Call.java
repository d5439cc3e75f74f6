package org.modalimmune.cuda.library.panama;

import java.lang.invoke.MethodHandle;

/** What all bindings of this package share. */
final class Call {
  private Call() {}

  /**
   * A call of a native function cannot throw; what a handle's signature declares is turned here.
   */
  static AssertionError impossible(Throwable thrown) {
    return new AssertionError("a call of a native function threw", thrown);
  }

  /** The status of a call that is made once, so that its cost does not matter. */
  static int status(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }
}
