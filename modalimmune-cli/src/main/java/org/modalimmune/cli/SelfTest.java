package org.modalimmune.cli;

import java.util.Optional;
import org.modalimmune.backend.Backend;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * A quick look whether a backend computes correctly: a matrix product against plain loops. The
 * entries are small integers, so that every order of summation is exact and any difference is a
 * fault.
 */
final class SelfTest {
  private static final int ROWS = 37;
  private static final int INNER = 131;
  private static final int COLUMNS = 29;

  private SelfTest() {}

  /** What is wrong, or empty. */
  static Optional<String> run(Backend backend) {
    for (DType dtype : DType.values()) {
      double[] a = integers(ROWS * INNER, 7);
      double[] b = integers(INNER * COLUMNS, 5);
      try (Scope scope = backend.newScope()) {
        Tensor product =
            backend
                .ops(scope)
                .matmul(
                    scope.of(dtype, Shape.of(ROWS, INNER), a),
                    scope.of(dtype, Shape.of(INNER, COLUMNS), b));
        Optional<String> fault = compare(product.toDoubleArray(), a, b);
        if (fault.isPresent()) {
          return Optional.of(dtype + " matrix product: " + fault.get());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> compare(double[] product, double[] a, double[] b) {
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        double sum = 0;
        for (int k = 0; k < INNER; k++) {
          sum += a[i * INNER + k] * b[k * COLUMNS + j];
        }
        if (product[i * COLUMNS + j] != sum) {
          return Optional.of(
              "row "
                  + i
                  + ", column "
                  + j
                  + ": "
                  + product[i * COLUMNS + j]
                  + " instead of "
                  + sum);
        }
      }
    }
    return Optional.empty();
  }

  /** Integers from -modulus / 2 to modulus / 2 without a short period. */
  private static double[] integers(int count, int modulus) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.floorMod((long) i * i + i / modulus, modulus) - modulus / 2;
    }
    return values;
  }
}
