package org.modalimmune.backend.kernel;

import org.modalimmune.tensor.Tensor;

/** Matrix products. Transposed operands come as views. */
public interface MatrixKernels {
  /**
   * {@code out[..., i, j] = sum_k a[..., i, k] b[..., k, j]}; leading axes are equal in all three.
   * An inner size of 0 gives zeros. The order of summation over k depends on the shapes alone.
   */
  void matmul(Tensor a, Tensor b, Tensor out);

  /**
   * {@code out[i, j] = sum_k x[i, k] w[k, j] + bias[j]}, or {@code + bias[i, j]}, for rank-2 x, w
   * and out and a bias of rank 1 or 2. A bias of rank 2 may be the very output.
   */
  void linear(Tensor x, Tensor w, Tensor bias, Tensor out);
}
