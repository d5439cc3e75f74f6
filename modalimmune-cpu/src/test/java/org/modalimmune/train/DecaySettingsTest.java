package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.hypergradient.MixedProduct;
import org.modalimmune.nn.Parameter;
import org.modalimmune.optim.AdamW;
import org.modalimmune.optim.ParameterGroup;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/**
 * Curvature and mixed rows of the decay against fixed points of w'Aw / 2 - b'w under AdamW with
 * averages at rest: (A + diag(c D)) w = b, c of each group on its decayed parameters.
 */
class DecaySettingsTest {
  /** Elements: a [2], not decayed [1], b [3]; c of group x on 0-1, of y on 3-5. */
  private static final int N = 6;

  private static final double[] DECAYS = {0.3, 0.8};
  private static final long STEPS = 40;

  private static final class Fixture implements AutoCloseable {
    final Backend backend = Backends.open("reference", BackendOptions.ofThreads(1));
    final Scope scope = backend.newScope();
    final List<Parameter> theta;
    final AdamW optimizer;
    final DecaySettings settings;
    final double[] d = new double[N];

    Fixture() {
      Parameter a = parameter("a", 2, true);
      Parameter bias = parameter("bias", 1, false);
      Parameter b = parameter("b", 3, true);
      Parameter aside = parameter("decoder", 2, true);
      theta = List.of(a, bias, b);
      List<ParameterGroup> groups =
          List.of(
              new ParameterGroup("x", List.of(a, bias), DECAYS[0]),
              new ParameterGroup("y", List.of(aside, b), DECAYS[1]));
      optimizer = new AdamW(backend.ops(scope), groups);
      RandomStream random = new RandomStream(RandomKey.of(3));
      optimizer
          .state()
          .forEach(
              (name, tensor) -> {
                double[] values = new double[(int) tensor.elements()];
                Arrays.setAll(values, i -> 0.01 * (0.1 + random.nextDouble()));
                tensor.set(values);
              });
      optimizer.restoreSteps(STEPS);
      int at = 0;
      for (Parameter p : theta) {
        for (double v : optimizer.state().get("adamw.v." + p.name()).toDoubleArray()) {
          d[at++] = Math.sqrt(v / (1 - Math.pow(0.999, STEPS))) + 1e-8;
        }
      }
      MetaParameters meta = new MetaParameters(scope, DType.FLOAT64, Set.of(MetaGroup.DECAY));
      settings = new DecaySettings(meta, optimizer, groups, theta);
    }

    private Parameter parameter(String name, int size, boolean decayed) {
      return new Parameter(
          name, scope.of(DType.FLOAT64, Shape.of(size), new double[size]), decayed);
    }

    double[] curvature(double[] decays) {
      double[] c = new double[N];
      for (int j = 0; j < N; j++) {
        c[j] = j < 2 ? decays[0] * d[j] : j > 2 ? decays[1] * d[j] : 0;
      }
      return c;
    }

    @Override
    public void close() {
      scope.close();
      backend.close();
    }
  }

  private static double[][] matrix() {
    RandomStream random = new RandomStream(RandomKey.of(4));
    double[][] factor = new double[N][N];
    for (double[] row : factor) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    double[][] a = new double[N][N];
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        a[i][j] = i == j ? 0.5 : 0;
        for (int k = 0; k < N; k++) {
          a[i][j] += factor[i][k] * factor[j][k] / N;
        }
      }
    }
    return a;
  }

  private static double[] fixedPoint(Fixture f, double[] decays) {
    double[][] a = matrix();
    double[] c = f.curvature(decays);
    for (int j = 0; j < N; j++) {
      a[j][j] += c[j];
    }
    return DenseSolve.solve(a, new double[] {1, -2, 0.5, 3, -1, 0.25});
  }

  @Test
  void rowsAreTheFixedPointsDerivativeTimesTheMatrix() {
    try (Fixture f = new Fixture()) {
      double[] w = fixedPoint(f, DECAYS);
      f.theta.get(0).value().set(Arrays.copyOfRange(w, 0, 2));
      f.theta.get(1).value().set(Arrays.copyOfRange(w, 2, 3));
      f.theta.get(2).value().set(Arrays.copyOfRange(w, 3, 6));
      assertArrayEquals(f.curvature(DECAYS), f.settings.curvature(), 1e-15);
      MixedProduct mixed = f.settings.below(new NoRows());
      assertEquals(2, mixed.metaParameters());
      double[][] h = matrix();
      for (int j = 0; j < N; j++) {
        h[j][j] += f.settings.curvature()[j];
      }
      for (int g = 0; g < 2; g++) {
        double[] row = row(mixed, g);
        double[] change = DenseSolve.solve(h, row);
        double step = 0x1p-12;
        double[] up = DECAYS.clone();
        double[] down = DECAYS.clone();
        up[g] *= Math.exp(step);
        down[g] *= Math.exp(-step);
        double[] high = fixedPoint(f, up);
        double[] low = fixedPoint(f, down);
        double norm = 0;
        for (int j = 0; j < N; j++) {
          // truncation h^2 / 6 of a derivative of order 1, rounding 2^-53 / h
          assertEquals((high[j] - low[j]) / (2 * step), -change[j], 1e-7);
          norm += row[j] * row[j];
        }
        assertTrue(norm > 1e-6, "a row of zeros would say nothing");
        assertTrue(mixed.rowNormBound(g) >= Math.sqrt(norm));
        assertEquals(Math.sqrt(norm), mixed.rowNormBound(g), 1e-12);
      }
    }
  }

  /** Row g of M, by products with unit vectors. */
  private static double[] row(MixedProduct mixed, int g) {
    double[] row = new double[N];
    for (int j = 0; j < N; j++) {
      double[] unit = new double[N];
      unit[j] = 1;
      double[] c = new double[mixed.metaParameters()];
      mixed.apply(unit, c);
      row[j] = c[g];
    }
    return row;
  }

  @Test
  void rowsOfTheLossComeFirst() {
    try (Fixture f = new Fixture()) {
      f.theta.forEach(p -> p.value().set(ones((int) p.value().elements())));
      MixedProduct above =
          new MixedProduct() {
            @Override
            public int dimension() {
              return N;
            }

            @Override
            public int metaParameters() {
              return 1;
            }

            @Override
            public void apply(double[] q, double[] c) {
              c[0] = 7 * q[0];
            }

            @Override
            public double rowNormBound(int i) {
              return 7;
            }

            @Override
            public double relativeProductError() {
              return 0.125;
            }
          };
      MixedProduct mixed = f.settings.below(above);
      double[] c = {Double.NaN, Double.NaN, Double.NaN};
      mixed.apply(ones(N), c);
      double[] curvature = f.curvature(DECAYS);
      assertEquals(7, c[0]);
      assertEquals(curvature[0] + curvature[1], c[1], 1e-15);
      assertEquals(curvature[3] + curvature[4] + curvature[5], c[2], 1e-15);
      assertEquals(7, mixed.rowNormBound(0));
      assertEquals(0.125, mixed.relativeProductError());
    }
  }

  private static double[] ones(int n) {
    double[] values = new double[n];
    Arrays.fill(values, 1);
    return values;
  }

  @Test
  void movedDecaysReachTheOptimiser() {
    try (Fixture f = new Fixture()) {
      assertEquals(List.of("decay.x", "decay.y"), names(f.settings));
      f.settings.moving().get(1).move(0.5);
      assertEquals(DECAYS[1], f.optimizer.weightDecay("y"));
      f.settings.apply();
      assertEquals(DECAYS[1] * Math.exp(0.5), f.optimizer.weightDecay("y"), 1e-15);
      assertEquals(DECAYS[0], f.optimizer.weightDecay("x"), 1e-15);
      f.settings.moving().get(0).move(-100);
      f.settings.apply();
      assertEquals(DECAYS[0] / 100, f.optimizer.weightDecay("x"), 1e-15);
    }
  }

  private static List<String> names(DecaySettings settings) {
    return settings.moving().stream().map(MetaParameter::name).toList();
  }

  private static final class NoRows implements MixedProduct {
    @Override
    public int dimension() {
      return N;
    }

    @Override
    public int metaParameters() {
      return 0;
    }

    @Override
    public void apply(double[] q, double[] c) {}

    @Override
    public double rowNormBound(int i) {
      throw new IndexOutOfBoundsException(i);
    }
  }
}
