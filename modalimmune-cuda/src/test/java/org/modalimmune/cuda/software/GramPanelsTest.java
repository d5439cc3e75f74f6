package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.GramOps;
import org.modalimmune.backend.Ops;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Products with a matrix of small integers, which are exact, of a size at which a block takes
 * several panels and keeps its totals in memory.
 */
class GramPanelsTest {
  private static final int ROWS = 4129;
  private static final int COLUMNS = 1031;
  private static final int CHOSEN = 3;

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
    double[] unit = new double[COLUMNS];
    unit[CHOSEN] = 1;
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      GramOps gram = ops.gram();
      Tensor z = scope.of(DType.FLOAT32, Shape.of(ROWS, COLUMNS), elements);
      Tensor ones = ops.full(1, DType.FLOAT64, Shape.of(1, ROWS));
      Tensor direction = scope.of(DType.FLOAT64, Shape.of(1, COLUMNS), unit);
      Tensor out = ops.full(-1, DType.FLOAT64, Shape.of(1, COLUMNS));
      gram.multiplyTransposed(z, uncentred(scope, COLUMNS), ones, out);
      assertArrayEquals(sums, out.toDoubleArray());
      gram.gram(z, uncentred(scope, COLUMNS), direction, out);
      assertArrayEquals(products, out.toDoubleArray());
      gram.rowGram(z.transpose(0, 1), uncentred(scope, ROWS), direction, out);
      assertArrayEquals(products, out.toDoubleArray());
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
