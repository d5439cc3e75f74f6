package org.modalimmune.autodiff;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.modalimmune.annotation.Nullable;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Storage;
import org.modalimmune.tensor.Tensor;

/**
 * Memory of the cotangents of one walk that is not recorded. What no cotangent refers to after a
 * step is released, so that a few blocks, which are still in the caches, serve the whole walk.
 */
final class CotangentMemory {
  private final Tape tape;
  private final IdentityHashMap<Storage, Use> uses = new IdentityHashMap<>();
  private final List<Tensor> fresh = new ArrayList<>();
  private @Nullable Scope current;

  /** How many cotangents refer to a piece of memory that this walk allocated. */
  private static final class Use {
    private int count;
  }

  CotangentMemory(Tape tape) {
    this.tape = tape;
  }

  /** Runs one rule; of what it allocates stays what cotangents refer to afterwards. */
  void step(Runnable rule) {
    tape.computeApart(
        scope -> {
          current = scope;
          try {
            rule.run();
            fresh.removeIf(t -> !uses.containsKey(t.storage()));
            scope.releaseAllBut(fresh);
          } finally {
            fresh.clear();
            current = null;
          }
        });
  }

  /** A cotangent refers to {@code t}. */
  void hold(Tensor t) {
    Use use = uses.get(t.storage());
    if (use == null) {
      if (!isFresh(t)) {
        return;
      }
      use = new Use();
      uses.put(t.storage(), use);
      fresh.add(t);
    }
    use.count++;
  }

  /** A cotangent refers to {@code t} no longer. */
  void drop(Tensor t) {
    Use use = uses.get(t.storage());
    if (use != null && --use.count == 0) {
      uses.remove(t.storage());
      // the rule that made it may read it until its step is over
      if (!isFresh(t)) {
        t.scope().release(t);
        tape.dropIfEmpty(t.scope());
      }
    }
  }

  /**
   * Whether {@code t} may be changed in place: one cotangent refers to it, and no rule any more.
   */
  boolean isExclusive(Tensor t) {
    Use use = uses.get(t.storage());
    return use != null && use.count == 1 && !isFresh(t) && t.isContiguous();
  }

  @SuppressWarnings("ReferenceEquality") // a scope is an owner, not a value
  private boolean isFresh(Tensor t) {
    return t.scope() == current;
  }
}
