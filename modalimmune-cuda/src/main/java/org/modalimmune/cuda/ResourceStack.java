package org.modalimmune.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** Things to close, last one first; all are closed even if some fail. */
final class ResourceStack implements AutoCloseable {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  /** Puts a resource on the stack, and returns it. */
  synchronized <T extends AutoCloseable> T push(T resource) {
    resources.push(resource);
    return resource;
  }

  /**
   * Closes everything.
   *
   * @throws RuntimeException the first failure, the others suppressed in it
   */
  @Override
  public synchronized void close() {
    RuntimeException first = null;
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        RuntimeException failure =
            e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
