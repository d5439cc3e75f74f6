package org.modalimmune.jmh.setup;

import java.util.concurrent.TimeUnit;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What benchmarks on a backend share: the backend by name, its threads, and a scope for operands.
 * The flags that the measured process needs stand here, whatever Java the benchmarks are started
 * with.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      // on one pinned core, interpreted vector code would keep the compiler from its work for a
      // minute
      "-Xbatch"
    })
public abstract class BackendBenchmark {
  /** Name of the backend that is timed. */
  @Param("cpu")
  public String backend;

  /** Threads of the backend. */
  @Param("1")
  public int threads;

  private Backend opened;
  private org.modalimmune.tensor.Scope scope;

  /** Opens the backend and prepares; one method, since JMH orders several as it likes. */
  @Setup(Level.Trial)
  public final void open() {
    opened = Backends.open(backend, BackendOptions.ofThreads(threads));
    scope = opened.newScope();
    prepare();
  }

  /**
   * Makes the operands and checks that what will be timed computes what it should.
   *
   * @throws DisagreementException if it does not
   */
  protected abstract void prepare();

  /** Closes the backend, tensors included. */
  @TearDown(Level.Trial)
  public final void close() {
    opened.close();
  }

  /** The backend that is timed. */
  protected final Backend backend() {
    return opened;
  }

  /** Owner of the operands, for the whole trial. */
  protected final org.modalimmune.tensor.Scope scope() {
    return scope;
  }
}
