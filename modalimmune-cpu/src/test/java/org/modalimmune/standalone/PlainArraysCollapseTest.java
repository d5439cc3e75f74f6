package org.modalimmune.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.collapse.RankGradient;
import org.modalimmune.collapse.StableRank;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/**
 * Embeddings held in plain arrays by other code, collapsed by gradient descent on their stable
 * rank: an array goes in, a value and an array come out.
 */
class PlainArraysCollapseTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 2;

  /** Orthogonal centred columns of squared norms 16 and 4, around the means 5 and -1. */
  private static double[] embedding() {
    return new double[] {7, 0, 3, -2, 7, -2, 3, 0};
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void valueAndGradientByHand(String name) {
    try (Backend backend = Backends.open(name, BackendOptions.ofThreads(1));
        Scope scope = backend.newScope()) {
      RankGradient found =
          new StableRank()
              .evaluate(
                  backend.ops(scope),
                  scope.of(DType.FLOAT64, Shape.of(ROWS, COLUMNS), embedding()));
      // r = (16 + 4) / 16; gradient (2 / 16) (Zc - r (Zc v) v') with v the first axis
      assertEquals(1.25, found.value(), 1e-14);
      double a = 2.0 / 16 * (1 - 1.25) * 2;
      double b = 2.0 / 16;
      assertArrayEquals(
          new double[] {a, b, -a, -b, a, -b, -a, b}, found.gradient().toDoubleArray(), 1e-14);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void descentCollapsesToOneDirection(String name) {
    double[] z = embedding();
    double before = Double.POSITIVE_INFINITY;
    try (Backend backend = Backends.open(name, BackendOptions.ofThreads(1))) {
      for (int step = 0; step < 200; step++) {
        try (Scope scope = backend.newScope()) {
          RankGradient found =
              new StableRank()
                  .evaluate(
                      backend.ops(scope), scope.of(DType.FLOAT64, Shape.of(ROWS, COLUMNS), z));
          assertTrue(found.value() <= before, "step " + step);
          before = found.value();
          double[] gradient = found.gradient().toDoubleArray();
          for (int i = 0; i < z.length; i++) {
            z[i] -= 0.5 * gradient[i];
          }
        }
      }
    }
    assertEquals(1, before, 1e-9);
  }
}
