package org.modalimmune.conformance;

import java.util.Optional;
import java.util.function.Consumer;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.backend.Backend;

/** What the contracts of operators, layers and optimisers share: the backend under test. */
public abstract class OperatorContract {
  private Optional<Backend> opened = Optional.empty();

  /** For subclasses. */
  protected OperatorContract() {}

  /** Opens the backend under test; it is closed after each test and each property. */
  protected abstract Backend open();

  /** The backend under test. */
  protected final Backend backend() {
    if (opened.isEmpty()) {
      opened = Optional.of(open());
    }
    return opened.get();
  }

  /** Runs with a new tape on the backend under test. */
  protected final void onTape(Consumer<Tape> test) {
    try (Tape tape = new Tape(backend())) {
      test.accept(tape);
    }
  }

  /** How many cases of a sweep to try, out of so many; fewer where a backend is slow. */
  protected int cases(int all) {
    return all;
  }

  @AfterEach
  @AfterProperty
  final void closeBackend() {
    opened.ifPresent(Backend::close);
    opened = Optional.empty();
  }
}
