package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
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

  /** Turns a chunk of blocks into numbers: {@code values[perBlock * i + j]}. */
  private interface Mapping {
    int perBlock();

    void map(long[][] words, double[] values, Scratch scratch);
  }

  /** Arrays of one task. */
  private static final class Scratch {
    private final PhiloxBlocks philox = new PhiloxBlocks();
    private final double[] values = new double[4 * PhiloxBlocks.COUNT];
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
          Scratch scratch = new Scratch();
          long end = Math.min(count, (part + 1) * perPart);
          for (long at = part * perPart; at < end; at += perChunk) {
            scratch.philox.compute(key, at / mapping.perBlock());
            mapping.map(scratch.philox.words, scratch.values, scratch);
            int number = (int) Math.min(perChunk, end - at);
            store(scratch.values, number, segment, out.offset() + at, out.dtype());
          }
        });
  }

  private static void store(double[] values, int count, MemorySegment to, long at, DType dtype) {
    if (dtype == DType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        to.setAtIndex(JAVA_FLOAT, at + i, (float) values[i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        to.setAtIndex(JAVA_DOUBLE, at + i, values[i]);
      }
    }
  }

  private record FloatUniform() implements Mapping {
    @Override
    public int perBlock() {
      return 4;
    }

    @Override
    public void map(long[][] words, double[] values, Scratch scratch) {
      for (int j = 0; j < 4; j++) {
        long[] w = words[j];
        for (int i = 0; i < w.length; i++) {
          values[4 * i + j] = UniformBits.halfOpenFloat((int) w[i]);
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
    public void map(long[][] words, double[] values, Scratch scratch) {
      for (int j = 0; j < 2; j++) {
        for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
          values[2 * i + j] =
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
    public void map(long[][] words, double[] values, Scratch s) {
      for (int j = 0; j < 2; j++) {
        for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
          s.u1[i] = UniformBits.open32((int) words[2 * j][i]);
          s.u2[i] = UniformBits.halfOpen32((int) words[2 * j + 1][i]);
        }
        BoxMuller.transform(s.u1, s.u2, s.z0, s.z1, PhiloxBlocks.COUNT);
        for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
          values[4 * i + 2 * j] = s.z0[i];
          values[4 * i + 2 * j + 1] = s.z1[i];
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
    public void map(long[][] words, double[] values, Scratch s) {
      for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
        s.u1[i] = UniformBits.open52((int) words[0][i], (int) words[1][i]);
        s.u2[i] = UniformBits.halfOpenDouble((int) words[2][i], (int) words[3][i]);
      }
      BoxMuller.transform(s.u1, s.u2, s.z0, s.z1, PhiloxBlocks.COUNT);
      for (int i = 0; i < PhiloxBlocks.COUNT; i++) {
        values[2 * i] = s.z0[i];
        values[2 * i + 1] = s.z1[i];
      }
    }
  }
}
