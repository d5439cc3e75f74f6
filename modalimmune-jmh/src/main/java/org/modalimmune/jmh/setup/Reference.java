package org.modalimmune.jmh.setup;

import java.util.function.Function;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.Scope;

/** The backend of plain loops, as judge. */
public final class Reference {
  private Reference() {}

  /** What {@code computation} gives on the reference backend. */
  public static <T> T compute(Function<Ops, T> computation) {
    try (Backend backend = Backends.open("reference", BackendOptions.ofThreads(1));
        Scope scope = backend.newScope()) {
      return computation.apply(backend.ops(scope));
    }
  }
}
