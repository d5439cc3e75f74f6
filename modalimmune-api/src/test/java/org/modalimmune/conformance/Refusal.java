package org.modalimmune.conformance;

import java.util.function.Supplier;

/** Assertions that need no assertion library in a backend's tests. */
final class Refusal {
  private Refusal() {}

  static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  /** The same for a message that is worth putting together only when it is needed. */
  static void require(boolean condition, Supplier<String> message) {
    if (!condition) {
      throw new AssertionError(message.get());
    }
  }

  /** Fails unless the action throws that kind of exception, with a message. */
  static <T extends Throwable> T expect(Class<T> kind, Runnable action) {
    try {
      action.run();
    } catch (Throwable thrown) {
      if (kind.isInstance(thrown) && thrown.getMessage() != null) {
        return kind.cast(thrown);
      }
      throw new AssertionError("expected " + kind.getSimpleName() + " with a message", thrown);
    }
    throw new AssertionError("expected " + kind.getSimpleName() + ", nothing was thrown");
  }
}
