package org.modalimmune.conformance;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.modalimmune.random.NormalTransform;
import org.modalimmune.random.Philox4x32;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.UniformBits;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Random fills: every element is the one that the key and its position determine, bit for bit. */
public abstract class RandomContract extends Contract {
  /** For subclasses. */
  protected RandomContract() {}

  @Property(tries = 150)
  void uniform(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll boolean offset,
      @ForAll long seed,
      @ForAll long stream) {
    try (Trial t = trial(dtype, seed)) {
      Placement y = t.result(shape, offset ? Layout.OFFSET : Layout.DENSE);
      RandomKey key = new RandomKey(seed, stream);
      t.kernels().random().uniform(key, y.view());
      t.expect("uniform " + key, y, i -> Bounded.exactly(uniform(key, i, dtype)));
    }
  }

  @Property(tries = 150)
  void normal(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll boolean offset,
      @ForAll long seed,
      @ForAll long stream) {
    try (Trial t = trial(dtype, seed)) {
      Placement y = t.result(shape, offset ? Layout.OFFSET : Layout.DENSE);
      RandomKey key = new RandomKey(seed, stream);
      t.kernels().random().normal(key, y.view());
      t.expect("normal " + key, y, i -> Bounded.exactly(normal(key, i, dtype)));
    }
  }

  @Property
  void manyDraws(@ForAll DType dtype, @ForAll boolean gaussian) {
    int n = 200_003;
    RandomKey key = RandomKey.of(11).fold("many");
    try (Scope scope = backend().newScope()) {
      Tensor y = scope.allocate(dtype, Shape.of(n));
      if (gaussian) {
        backend().kernels().random().normal(key, y);
        Trial.expect("normal", y, i -> Bounded.exactly(normal(key, i, dtype)));
      } else {
        backend().kernels().random().uniform(key, y);
        Trial.expect("uniform", y, i -> Bounded.exactly(uniform(key, i, dtype)));
      }
    }
  }

  /** Four standard errors of the mean and of the variance at a fixed key. */
  @Example
  void momentsOfTheNormalDraws() {
    int n = 100_000;
    try (Scope scope = backend().newScope()) {
      Tensor y = scope.allocate(DType.FLOAT64, Shape.of(n));
      backend().kernels().random().normal(RandomKey.of(5), y);
      double mean = 0;
      double square = 0;
      for (double z : y.toDoubleArray()) {
        mean += z / n;
        square += z * z / n;
      }
      Refusal.require(Math.abs(mean) < 4 / Math.sqrt(n), "mean of normal draws is " + mean);
      Refusal.require(
          Math.abs(square - 1) < 4 * Math.sqrt(2.0 / n), "variance of draws is " + square);
    }
  }

  private static int[] block(RandomKey key, int i) {
    int[] words = new int[4];
    Philox4x32.block(i, key.stream(), key.seed(), words, 0);
    return words;
  }

  private static double uniform(RandomKey key, int i, DType dtype) {
    if (dtype == DType.FLOAT32) {
      return UniformBits.halfOpenFloat(block(key, i / 4)[i % 4]);
    }
    int[] w = block(key, i / 2);
    return UniformBits.halfOpenDouble(w[i % 2 * 2], w[i % 2 * 2 + 1]);
  }

  private static double normal(RandomKey key, int i, DType dtype) {
    boolean cosine = i % 2 == 0;
    if (dtype == DType.FLOAT32) {
      int[] w = block(key, i / 4);
      int pair = i % 4 / 2 * 2;
      double r = NormalTransform.radius(UniformBits.open32(w[pair]));
      double u = UniformBits.halfOpen32(w[pair + 1]);
      return (float) (r * (cosine ? NormalTransform.cosine(u) : NormalTransform.sine(u)));
    }
    int[] w = block(key, i / 2);
    double r = NormalTransform.radius(UniformBits.open52(w[0], w[1]));
    double u = UniformBits.halfOpenDouble(w[2], w[3]);
    return r * (cosine ? NormalTransform.cosine(u) : NormalTransform.sine(u));
  }
}
