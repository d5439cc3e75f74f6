package org.modalimmune.cpu.reference;

import org.modalimmune.backend.kernel.RandomKernels;
import org.modalimmune.random.NormalTransform;
import org.modalimmune.random.Philox4x32;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.UniformBits;
import org.modalimmune.tensor.Tensor;

/** Random fills, block after block. */
public final class ReferenceRandom implements RandomKernels {
  /** Has no state. */
  public ReferenceRandom() {}

  @Override
  public void uniform(RandomKey key, Tensor out) {
    fill(
        key,
        View.of(out),
        (words, wide, values) -> {
          if (wide) {
            values[0] = UniformBits.halfOpenDouble(words[0], words[1]);
            values[1] = UniformBits.halfOpenDouble(words[2], words[3]);
          } else {
            for (int j = 0; j < 4; j++) {
              values[j] = UniformBits.halfOpenFloat(words[j]);
            }
          }
        });
  }

  @Override
  public void normal(RandomKey key, Tensor out) {
    fill(
        key,
        View.of(out),
        (words, wide, values) -> {
          if (wide) {
            double u = UniformBits.halfOpenDouble(words[2], words[3]);
            pair(UniformBits.open52(words[0], words[1]), u, values, 0);
          } else {
            pair(UniformBits.open32(words[0]), UniformBits.halfOpen32(words[1]), values, 0);
            pair(UniformBits.open32(words[2]), UniformBits.halfOpen32(words[3]), values, 2);
          }
        });
  }

  private interface BlockFunction {
    void apply(int[] words, boolean wide, double[] values);
  }

  private static void fill(RandomKey key, View out, BlockFunction f) {
    int[] words = new int[4];
    double[] values = new double[4];
    int perBlock = out.wide() ? 2 : 4;
    long count = out.elements();
    for (long first = 0; first < count; first += perBlock) {
      Philox4x32.block(first / perBlock, key.stream(), key.seed(), words, 0);
      f.apply(words, out.wide(), values);
      for (int j = 0; j < Math.min(perBlock, count - first); j++) {
        out.set(out.offset() + first + j, values[j]);
      }
    }
  }

  private static void pair(double u1, double u2, double[] values, int at) {
    double radius = NormalTransform.radius(u1);
    values[at] = radius * NormalTransform.cosine(u2);
    values[at + 1] = radius * NormalTransform.sine(u2);
  }
}
