package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.modalimmune.backend.kernel.RandomKernels;
import org.modalimmune.cpu.memory.HostStorage;
import org.modalimmune.cpu.parallel.WorkerPool;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.UniformBits;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Random fills, {@link PhiloxBlocks#COUNT} blocks at a time; bit for bit the reference's. */
final class VectorRandom implements RandomKernels {
  // chunks of blocks per task: a few tens of microseconds
  private static final int CHUNKS_PER_PART = 16;

  private final WorkerPool workers;

  // guarded by itself; never more than threads that ran at one time
  private final Deque<Scratch> free = new ArrayDeque<>();

  VectorRandom(WorkerPool workers) {
    this.workers = workers;
  }

  @Override
  public void uniform(RandomKey key, Tensor out) {
    fill(key, out, out.dtype() == DType.FLOAT32 ? new FloatUniform() : new DoubleUniform());
  }

  @Override
  public void normal(RandomKey key, Tensor out) {
    fill(key, out, out.dtype() == DType.FLOAT32 ? new FloatNormal() : new DoubleNormal());
  }

  /**
   * Turns a chunk of blocks into numbers: element {@code perBlock * i + j} of the scratch's floats,
   * or doubles.
   */
  private interface Mapping {
    int perBlock();

    void map(long[][] words, Scratch scratch);
  }

  /** Arrays of one task. */
  private static final class Scratch {
    private final PhiloxBlocks philox = new PhiloxBlocks();
    private final float[] floats = new float[4 * PhiloxBlocks.COUNT];
    private final double[] doubles = new double[2 * PhiloxBlocks.COUNT];
    private final double[] u1 = new double[PhiloxBlocks.COUNT];
    private final double[] u2 = new double[PhiloxBlocks.COUNT];
    private final double[] z0 = new double[PhiloxBlocks.COUNT];
    private final double[] z1 = new double[PhiloxBlocks.COUNT];
  }

  private void fill(RandomKey key, Tensor out, Mapping mapping) {
    long count = out.elements();
    long perChunk = (long) mapping.perBlock() * PhiloxBlocks.COUNT;
    long perPart = perChunk * CHUNKS_PER_PART;
    int parts = Math.toIntExact((count + perPart - 1) / perPart);
    MemorySegment segment = ((HostStorage) out.storage()).segment();
    workers.run(
        parts,
        part -> {
          Scratch scratch = take();
          long end = Math.min(count, (part + 1) * perPart);
          for (long at = part * perPart; at < end; at += perChunk) {
            scratch.philox.compute(key, at / mapping.perBlock());
            mapping.map(scratch.philox.words, scratch);
            int number = (int) Math.min(perChunk, end - at);
            store(scratch, number, segment, out.offset() + at, out.dtype());
          }
          giveBack(scratch);
        });
  }

  private Scratch take() {
    synchronized (free) {
      return free.isEmpty() ? new Scratch() : free.pop();
    }
  }

  private void giveBack(Scratch scratch) {
    synchronized (free) {
      free.push(scratch);
    }
  }

  private static void store(Scratch from, int count, MemorySegment to, long at, DType dtype) {
    if (dtype == DType.FLOAT32) {
      MemorySegment.copy(from.floats, 0, to, JAVA_FLOAT, at * Float.BYTES, count);
    } else {
      MemorySegment.copy(from.doubles, 0, to, JAVA_DOUBLE, at * Double.BYTES, count);
    }
  }

  private record FloatUniform() implements Mapping {
    @Override
    public int perBlock() {
      return 4;
    }

    @Override
    public void map(long[][] words, Scratch s) {
      for (int j = 0; j < 4; j++) {
        long[] w = words[j];
        for (int i = 0; i < w.length; i++) {
          s.floats[4 * i + j] = UniformBits.halfOpenFloat((int) w[i]);
        }
      }
    }
  }

  private record DoubleUniform() implements Mapping {
    @Override
    public int perBlock() {
      return 2;
    }

    @Override
    public void map(long[][] words, Scratch s) {
      for (int j = 0; j < 2; j++) {
        for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
          s.doubles[2 * i + j] =
              UniformBits.halfOpenDouble((int) words[2 * j][i], (int) words[2 * j + 1][i]);
        }
      }
    }
  }

  private record FloatNormal() implements Mapping {
    @Override
    public int perBlock() {
      return 4;
    }

    @Override
    public void map(long[][] words, Scratch s) {
      for (int j = 0; j < 2; j++) {
        WordFractions.open(words[2 * j], s.u1, PhiloxBlocks.COUNT);
        WordFractions.halfOpen(words[2 * j + 1], s.u2, PhiloxBlocks.COUNT);
        BoxMuller.transform(s.u1, s.u2, s.z0, s.z1, PhiloxBlocks.COUNT);
        for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
          s.floats[4 * i + 2 * j] = (float) s.z0[i];
          s.floats[4 * i + 2 * j + 1] = (float) s.z1[i];
        }
      }
    }
  }

  private record DoubleNormal() implements Mapping {
    @Override
    public int perBlock() {
      return 2;
    }

    @Override
    public void map(long[][] words, Scratch s) {
      for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
        s.u1[i] = UniformBits.open52((int) words[0][i], (int) words[1][i]);
        s.u2[i] = UniformBits.halfOpenDouble((int) words[2][i], (int) words[3][i]);
      }
      BoxMuller.transform(s.u1, s.u2, s.z0, s.z1, PhiloxBlocks.COUNT);
      for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
        s.doubles[2 * i] = s.z0[i];
        s.doubles[2 * i + 1] = s.z1[i];
      }
    }
  }
}
