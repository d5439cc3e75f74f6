package org.modalimmune.cli;

import java.util.function.Supplier;

/** An option that cannot be used as given; the message is one line for the person who gave it. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The rule, what came, the likely fix. */
  UsageException(String message) {
    super(message);
  }

  /** Makes settings from options; a value that the settings refuse is wrong usage. */
  static <T> T checked(Supplier<T> settings) {
    try {
      return settings.get();
    } catch (IllegalArgumentException refused) {
      UsageException usage = new UsageException(String.valueOf(refused.getMessage()));
      usage.initCause(refused);
      throw usage;
    }
  }
}
