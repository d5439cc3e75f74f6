package org.modalimmune.jmh.latency;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.jmh.setup.DisagreementException;
import org.modalimmune.jmh.setup.Draws;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
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
 * The first call of a process: classes are loaded and the kernels run interpreted. Each fork is one
 * measurement, with no warm-up, and checks its result afterwards, since a check before would make
 * it the second call.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(
    value = 5,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow"
    })
public class FirstCallBenchmark {
  /** The square matrix's rows. */
  @Param("64")
  public int rows;

  /** Name of the backend. */
  @Param("cpu")
  public String backend;

  /** Threads of the backend. */
  @Param("1")
  public int threads;

  private double[] values;
  private double expected;
  private double got;

  /** Draws integers and sums up their product with itself, exactly. */
  @Setup(Level.Trial)
  public void prepare() {
    values = new Draws(15).integers(Math.multiplyExact(rows, rows), 4);
    double[] columnSums = new double[rows];
    double[] rowSums = new double[rows];
    for (int i = 0; i < values.length; i++) {
      columnSums[i % rows] += values[i];
      rowSums[i / rows] += values[i];
    }
    expected = 0;
    for (int k = 0; k < rows; k++) {
      expected += columnSums[k] * rowSums[k];
    }
  }

  /** Checks what the one call gave. */
  @TearDown(Level.Trial)
  public void check() {
    if (got != expected) {
      throw new DisagreementException("first call: got " + got + ", expected " + expected);
    }
  }

  /** Opens the backend, multiplies two matrices and sums the product up. */
  @Benchmark
  public double openAndMultiply() {
    try (Backend opened = Backends.open(backend, BackendOptions.ofThreads(threads));
        var scope = opened.newScope()) {
      Tensor x = scope.of(DType.FLOAT32, Shape.of(rows, rows), values);
      got = opened.ops(scope).sum(opened.ops(scope).matmul(x, x)).item();
      return got;
    }
  }

  /** The same on a tape, and the gradient of the sum's square. */
  @Benchmark
  public double openAndDifferentiate() {
    try (Backend opened = Backends.open(backend, BackendOptions.ofThreads(threads));
        var scope = opened.newScope();
        Tape tape = new Tape(opened)) {
      Variable x = tape.leaf(scope.of(DType.FLOAT32, Shape.of(rows, rows), values));
      Variable sum = Reduction.sum(Matrix.matmul(x, x));
      Tensor gradient = Gradients.of(Elementwise.square(sum), List.of(x)).getFirst().tensor();
      got = sum.tensor().item();
      return got + gradient.toDoubleArray()[0];
    }
  }
}
