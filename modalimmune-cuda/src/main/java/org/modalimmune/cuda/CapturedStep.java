package org.modalimmune.cuda;

import java.util.List;
import java.util.function.Consumer;
import org.modalimmune.cuda.driver.Graph;
import org.modalimmune.cuda.driver.PinnedMemory;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.memory.Reservation;

/**
 * A step whose device work was written down once and can be repeated as a whole, at the cost of one
 * launch. Every repetition reads and writes the same memory with the same scalars and the same
 * values from the host; tensors that the step made and that are still open hold the latest results.
 * Scopes of tensors that it uses must stay open as long as it is repeated.
 */
public final class CapturedStep implements AutoCloseable {
  private final Stream stream;
  private final Graph graph;
  private final Reservation reservation;
  private final List<PinnedMemory> values;
  private final Consumer<CapturedStep> whenClosed;

  // guarded by the stream
  private boolean closed;

  CapturedStep(
      Stream stream,
      Graph graph,
      Reservation reservation,
      List<PinnedMemory> values,
      Consumer<CapturedStep> whenClosed) {
    this.stream = stream;
    this.graph = graph;
    this.reservation = reservation;
    this.values = values;
    this.whenClosed = whenClosed;
  }

  /**
   * Repeats the step; returns before it is done.
   *
   * @throws IllegalStateException if it is closed, or its backend is
   */
  public void replay() {
    synchronized (stream) {
      if (closed) {
        throw new IllegalStateException("capture: the step is closed; capture it again");
      }
      stream.settle();
      graph.launch(stream);
    }
  }

  /** Forgets the step, after its last repetition has ended. Closing again does nothing. */
  @Override
  public void close() {
    synchronized (stream) {
      if (closed) {
        return;
      }
      closed = true;
      whenClosed.accept(this);
      stream.synchronize();
      graph.close();
      values.forEach(PinnedMemory::close);
      reservation.close();
    }
  }
}
