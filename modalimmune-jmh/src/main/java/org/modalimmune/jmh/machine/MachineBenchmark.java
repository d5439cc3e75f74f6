package org.modalimmune.jmh.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one core can do: fused multiply-adds on registers alone, and copies of memory. No kernel can
 * pass these; each figure in {@code spec/performance.md} is held against them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Xbatch"
    })
public class MachineBenchmark {
  private static final int ROUNDS = 1 << 14;

  /** Accumulators: more than the latency of a multiply-add times the units that compute it. */
  private static final int CHAINS = 12;

  /** Bytes that are copied: beyond every cache, in L3, in L2. */
  @Param({"268435456", "4194304", "131072"})
  public long copied;

  private MemorySegment from;
  private MemorySegment to;
  private float floatFactor;
  private double doubleFactor;

  /** Touches every page. */
  @Setup(Level.Trial)
  public void prepare() {
    // freed by the collector: the trial's process ends with it
    Arena arena = Arena.ofAuto();
    from = arena.allocate(copied, 64).fill((byte) 1);
    to = arena.allocate(copied, 64).fill((byte) 2);
    copy();
    if (to.mismatch(from) != -1) {
      throw new IllegalStateException("copy: the two segments differ");
    }
    floatFactor = 0.999f;
    doubleFactor = 0.999;
  }

  /** Reads and writes {@code copied} bytes each. */
  @Benchmark
  public MemorySegment copy() {
    return to.copyFrom(from);
  }

  /** One multiply-add of a whole float32 vector: two operations per lane. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  @OperationsPerInvocation(ROUNDS * CHAINS)
  public float floatMultiplyAdd() {
    FloatVector f = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, floatFactor);
    FloatVector a = f;
    FloatVector b = f.add(1);
    FloatVector c = f.add(2);
    FloatVector d = f.add(3);
    FloatVector e = f.add(4);
    FloatVector g = f.add(5);
    FloatVector h = f.add(6);
    FloatVector i = f.add(7);
    FloatVector j = f.add(8);
    FloatVector k = f.add(9);
    FloatVector l = f.add(10);
    FloatVector m = f.add(11);
    for (int r = 0; r < ROUNDS; r++) {
      a = a.fma(f, f);
      b = b.fma(f, f);
      c = c.fma(f, f);
      d = d.fma(f, f);
      e = e.fma(f, f);
      g = g.fma(f, f);
      h = h.fma(f, f);
      i = i.fma(f, f);
      j = j.fma(f, f);
      k = k.fma(f, f);
      l = l.fma(f, f);
      m = m.fma(f, f);
    }
    return a.add(b).add(c).add(d).add(e).add(g).add(h).add(i).add(j).add(k).add(l).add(m).lane(0);
  }

  /** One multiply-add of a whole float64 vector: two operations per lane. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  @OperationsPerInvocation(ROUNDS * CHAINS)
  public double doubleMultiplyAdd() {
    DoubleVector f = DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, doubleFactor);
    DoubleVector a = f;
    DoubleVector b = f.add(1);
    DoubleVector c = f.add(2);
    DoubleVector d = f.add(3);
    DoubleVector e = f.add(4);
    DoubleVector g = f.add(5);
    DoubleVector h = f.add(6);
    DoubleVector i = f.add(7);
    DoubleVector j = f.add(8);
    DoubleVector k = f.add(9);
    DoubleVector l = f.add(10);
    DoubleVector m = f.add(11);
    for (int r = 0; r < ROUNDS; r++) {
      a = a.fma(f, f);
      b = b.fma(f, f);
      c = c.fma(f, f);
      d = d.fma(f, f);
      e = e.fma(f, f);
      g = g.fma(f, f);
      h = h.fma(f, f);
      i = i.fma(f, f);
      j = j.fma(f, f);
      k = k.fma(f, f);
      l = l.fma(f, f);
      m = m.fma(f, f);
    }
    return a.add(b).add(c).add(d).add(e).add(g).add(h).add(i).add(j).add(k).add(l).add(m).lane(0);
  }
}
