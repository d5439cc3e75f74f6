package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

public abstract class SpectralNoiseContract extends OperatorContract {
  private Tape tape;

  @BeforeEach
  void openTape() {
    tape = new Tape(backend());
  }

  @AfterEach
  void closeTape() {
    // none where the backend could not be opened
    if (tape != null) {
      tape.close();
    }
  }

  private Tensor tensor(Shape shape, double... values) {
    return tape.scope().of(DType.FLOAT64, shape, values);
  }

  @Test
  void withinClassCovarianceOfAHandComputedSet() {
    // class 0: (0,0), (2,4); class 1: (5,5), (5,7), (8,6); class 2 does not occur
    Tensor x = tensor(Shape.of(5, 2), 0, 0, 5, 5, 2, 4, 5, 7, 8, 6);
    Tensor s = WithinClassCovariance.of(tape.ops(), x, new int[] {0, 1, 0, 1, 1}, 3);
    // scatter about the means (1,2) and (6,6), divided by 5 - 2
    assertArrayEquals(new double[] {8 / 3.0, 4 / 3.0, 4 / 3.0, 10 / 3.0}, s.toDoubleArray(), 1e-14);
  }

  @Test
  void drawsHaveTheStatedCovarianceEvenIfItIsSingular() {
    Tensor covariance = tensor(Shape.of(3, 3), 4, 2, 0, 2, 1, 0, 0, 0, 0.25);
    SpectralNoise noise = SpectralNoise.ofCovariance(tape.ops(), covariance);
    int rows = cases(200_000);
    Variable x = tape.constant(tape.ops().full(1, DType.FLOAT64, Shape.of(rows, 3)));
    double a = 0.3;
    double b = 0.5;
    double[] y =
        noise
            .perturb(
                x,
                tape.constant(a, DType.FLOAT64),
                tape.constant(b, DType.FLOAT64),
                RandomKey.of(7))
            .tensor()
            .toDoubleArray();
    double[] s = covariance.toDoubleArray();
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
          sum += (y[r * 3 + i] - 1) * (y[r * 3 + j] - 1);
        }
        double vi = b * b * s[i * 3 + i] + a * a;
        double vj = b * b * s[j * 3 + j] + a * a;
        double expected = b * b * s[i * 3 + j] + (i == j ? a * a : 0);
        // standard deviation of a sample covariance of normals; five of them
        double std = Math.sqrt((vi * vj + expected * expected) / rows);
        assertEquals(expected, sum / rows, 5 * std, "covariance " + i + ", " + j);
      }
    }
  }

  @Test
  void replacementsAtSeverityZeroAndOne() {
    Variable z = tape.constant(tensor(Shape.of(3, 2), 1, 2, 3, 4, 5, 6));
    Variable fixed = tape.constant(tensor(Shape.of(1, 2), -1, -2));
    Intervention constant = Replacement.constant(fixed);
    RandomKey key = RandomKey.of(1);
    assertArrayEquals(
        z.tensor().toDoubleArray(), constant.apply(z, 0, key).tensor().toDoubleArray(), 0);
    assertArrayEquals(
        new double[] {-1, -2, -1, -2, -1, -2},
        constant.apply(z, 1, key).tensor().toDoubleArray(),
        0);
    double[] shuffled = Replacement.shuffle().apply(z, 1, key).tensor().toDoubleArray();
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      assertEquals(shuffled[2 * i] + 1, shuffled[2 * i + 1], 0, "rows stay whole");
      sum += shuffled[2 * i];
    }
    assertEquals(9, sum, 0);
    assertThrows(IllegalArgumentException.class, () -> constant.apply(z, 1.5, key));
  }

  @Test
  void gaussianReplacementHasTheEmbeddingsOwnMoments() {
    int rows = cases(100_000);
    double[] values = new double[rows * 2];
    for (int i = 0; i < rows; i++) {
      values[2 * i] = 3 + (i % 2 == 0 ? 2 : -2);
      values[2 * i + 1] = -1 + (i % 4 < 2 ? 0.5 : -0.5);
    }
    Variable z = tape.constant(tensor(Shape.of(rows, 2), values));
    double[] r = Replacement.gaussian().apply(z, 1, RandomKey.of(3)).tensor().toDoubleArray();
    double[] mean = {3, -1};
    double[] std = {2, 0.5};
    for (int j = 0; j < 2; j++) {
      double m = 0;
      double v = 0;
      for (int i = 0; i < rows; i++) {
        m += r[2 * i + j] / rows;
        v += Math.pow(r[2 * i + j] - mean[j], 2) / rows;
      }
      assertEquals(mean[j], m, 5 * std[j] / Math.sqrt(rows));
      assertEquals(std[j] * std[j], v, 5 * std[j] * std[j] * Math.sqrt(2.0 / rows));
    }
  }
}
