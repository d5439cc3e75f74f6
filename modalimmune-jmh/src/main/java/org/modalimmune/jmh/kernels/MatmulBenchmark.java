package org.modalimmune.jmh.kernels;

import java.util.concurrent.TimeUnit;
import org.modalimmune.jmh.peer.MatmulRival;
import org.modalimmune.jmh.peer.Product;
import org.modalimmune.jmh.peer.Rivals;
import org.modalimmune.jmh.setup.Sizes;
import org.modalimmune.tensor.DType;
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

/** Matrix products of the backends and of the peers: kernels alone, nothing allocated. */
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
public class MatmulBenchmark {
  /** m x k x n: [m, k] times [k, n]. */
  @Param({
    "512x512x512",
    "1024x1024x1024",
    "2048x2048x2048",
    "256x300x64",
    "128x64x10",
    "1024x1024x1",
    "1x1024x1024"
  })
  public String shape;

  /** N or T for each operand: as it is, or the transposed view of one stored the other way. */
  @Param("NN")
  public String layout;

  /** Element type. */
  @Param({"FLOAT32", "FLOAT64"})
  public DType dtype;

  /** A backend, {@code ejml}, or a peer of the profile: {@code mkl}, {@code openblas}. */
  @Param("cpu")
  public String backend;

  /** Threads of the rival. */
  @Param("1")
  public int threads;

  private MatmulRival rival;

  /** Prepares the rival and checks its product exactly. */
  @Setup(Level.Trial)
  public void prepare() {
    int[] s = Sizes.parse(shape, "x", 3);
    rival = Rivals.prepare(backend, Product.draw(s[0], s[1], s[2], layout, dtype), threads);
  }

  /** Frees the rival's memory. */
  @TearDown(Level.Trial)
  public void close() {
    rival.close();
  }

  /** 2 m k n operations. */
  @Benchmark
  public Object matmul() {
    return rival.multiply();
  }
}
