package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.GramOps;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Blocks that take several panels and keep their totals in memory; panels that fit nowhere. */
class GramPanelsTest {
  private static final int ROWS = 4129;
  private static final int COLUMNS = 1031;
  private static final int CHOSEN = 3;
  // so many that a block takes more than one panel
  private static final int VECTORS = GramKernels.LARGEST_BLOCK;

  private final SoftwareDevice device = SoftwareDevice.require();

  @AfterEach
  void restore() {
    device.reset();
  }

  /** Of small integers, so that they are exact. */
  @Test
  void totalsOfSeveralPanels() {
    double[] elements = new double[ROWS * COLUMNS];
    double[] sums = new double[COLUMNS];
    double[] products = new double[COLUMNS];
    for (int i = 0; i < ROWS; i++) {
      double chosen = element(i, CHOSEN);
      for (int j = 0; j < COLUMNS; j++) {
        double element = element(i, j);
        elements[i * COLUMNS + j] = element;
        sums[j] += element;
        products[j] += chosen * element;
      }
    }
    double[] units = new double[VECTORS * COLUMNS];
    for (int k = 0; k < VECTORS; k++) {
      units[k * COLUMNS + CHOSEN] = 1;
    }
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      GramOps gram = ops.gram();
      Tensor z = scope.of(DType.FLOAT32, Shape.of(ROWS, COLUMNS), elements);
      Tensor ones = ops.full(1, DType.FLOAT64, Shape.of(VECTORS, ROWS));
      Tensor directions = scope.of(DType.FLOAT64, Shape.of(VECTORS, COLUMNS), units);
      Tensor out = ops.full(-1, DType.FLOAT64, Shape.of(VECTORS, COLUMNS));
      gram.multiplyTransposed(z, uncentred(scope, COLUMNS), ones, out);
      requireAll(sums, out);
      gram.rowGram(z.transpose(0, 1), uncentred(scope, ROWS), directions, out);
      requireAll(products, out);
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void theSameBitsWhereNoPanelFitsIntoSharedMemory(DType dtype) {
    List<double[]> staged = products(dtype);
    device.set("shared-memory-kib", 16);
    List<double[]> cached = products(dtype);
    for (int i = 0; i < staged.size(); i++) {
      assertArrayEquals(staged.get(i), cached.get(i), "product " + i);
    }
  }

  private static List<double[]> products(DType dtype) {
    Shape shape = Shape.of(49, 70);
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Tensor z = ops.normal(RandomKey.of(1), dtype, shape);
      Tensor columns = ops.normal(RandomKey.of(2), dtype, Shape.of(3, 70));
      Tensor v = ops.normal(RandomKey.of(3), DType.FLOAT64, Shape.of(2, 70));
      Tensor u = ops.normal(RandomKey.of(4), DType.FLOAT64, Shape.of(2, 49));
      Tensor gram = ops.full(0, DType.FLOAT64, v.shape());
      Tensor rowGram = ops.full(0, DType.FLOAT64, u.shape());
      ops.gram().gram(z, columns, v, gram);
      ops.gram().rowGram(z, columns, u, rowGram);
      Tensor weight = ops.full(2, dtype, Shape.of());
      Tensor gradient = ops.gram().deflate(z, columns, v.select(0, 0), 0.5, 3, weight);
      return List.of(gram.toDoubleArray(), rowGram.toDoubleArray(), gradient.toDoubleArray());
    }
  }

  private static void requireAll(double[] expected, Tensor out) {
    for (int k = 0; k < VECTORS; k++) {
      assertArrayEquals(expected, out.slice(0, k, k + 1).toDoubleArray(), "vector " + k);
    }
  }

  private static double element(int i, int j) {
    return (i * 7 + j * 3 + i * j % 3) % 5 - 2;
  }

  /** Scale 1, shift and rest 0. */
  private static Tensor uncentred(Scope scope, int columns) {
    double[] affine = new double[3 * columns];
    for (int j = 0; j < columns; j++) {
      affine[j] = 1;
    }
    return scope.of(DType.FLOAT32, Shape.of(3, columns), affine);
  }
}
