package org.modalimmune.backend.kernel;

import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.Tensor;

/**
 * Random fills: bit for bit the same on every backend. Block i of the key's stream ({@link
 * RandomKey}) fills four consecutive float32 or two consecutive float64 elements in row-major
 * order; outputs are contiguous. The mappings are those of {@link
 * org.modalimmune.random.UniformBits} and {@link org.modalimmune.random.NormalTransform}.
 */
public interface RandomKernels {
  /**
   * Uniform in [0, 1): float32 element 4i + j is {@code halfOpenFloat(word j)}; float64 element 2i
   * + j is {@code halfOpenDouble(word 2j, word 2j + 1)}.
   */
  void uniform(RandomKey key, Tensor out);

  /**
   * Standard normal, computed in float64 and rounded once. Float32 elements 4i + 2j and 4i + 2j + 1
   * are radius(open32(word 2j)) times cosine and sine of halfOpen32(word 2j + 1); float64 elements
   * 2i and 2i + 1 are radius(open52(words 0, 1)) times cosine and sine of halfOpenDouble(words 2,
   * 3).
   */
  void normal(RandomKey key, Tensor out);
}
