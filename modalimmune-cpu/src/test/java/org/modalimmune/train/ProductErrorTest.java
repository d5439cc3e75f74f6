package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.GaussNewtonProduct;
import org.modalimmune.autodiff.Normalization;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.data.Modality;
import org.modalimmune.hypergradient.AutodiffMixedProduct;
import org.modalimmune.hypergradient.AutodiffOperators;
import org.modalimmune.hypergradient.LanczosBound;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.nn.Parameter;
import org.modalimmune.nn.Pass;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * The error of float32 products that the certificates of a run rest on: the same loss, of the
 * trainer's shape, at the same float32 numbers, differentiated in float32 and in float64.
 */
class ProductErrorTest {
  private static final int MODALITIES = 3;
  private static final int CLASSES = 4;
  private static final int PATTERNS = 5;

  /** Columns of the mixed derivative that are compared at most, spread evenly. */
  private static final int COLUMNS = 2000;

  /** The loss in one type: full and incomplete patterns of noisy inputs, levels e^phi. */
  private static final class Graph implements AutoCloseable {
    private final Backend backend;
    private final Scope scope;
    private final Tape tape;
    final List<Variable> theta;
    final List<Variable> phi = new ArrayList<>();
    final Variable loss;
    final Variable logits;

    /** Parameters at their first values times {@code gain}. */
    Graph(String name, DType dtype, int width, int columns, int rows, double gain, long seed) {
      this.backend = Backends.open(name, BackendOptions.ofThreads(1));
      this.scope = backend.newScope();
      this.tape = new Tape(backend);
      RandomStream random = new RandomStream(RandomKey.of(seed));
      List<Modality> modalities = new ArrayList<>();
      for (int m = 0; m < MODALITIES; m++) {
        List<String> names = new ArrayList<>();
        for (int j = 0; j < columns; j++) {
          names.add("m" + m + "c" + j);
        }
        modalities.add(new Modality("m" + m, names));
      }
      MultimodalModel model =
          new MultimodalModel(
              backend.ops(scope),
              modalities,
              CLASSES,
              new ModelOptions(2 * width, width, width, 2, 0, dtype),
              RandomKey.of(seed));
      for (Parameter p : model.parameters()) {
        p.value().set(draw(random, (int) p.value().elements(), gain / Math.sqrt(width)));
      }
      this.theta = model.predictiveParameters().stream().map(p -> tape.leaf(p.value())).toList();
      List<Variable> projected = new ArrayList<>();
      for (int m = 0; m < MODALITIES; m++) {
        Variable level = tape.leaf(tensor(dtype, Shape.of(), new double[] {-1}));
        phi.add(level);
        Shape shape = Shape.of(rows, columns);
        Variable x = constant(dtype, shape, draw(random, rows * columns, 1));
        Variable noise = constant(dtype, shape, draw(random, rows * columns, 1));
        Variable noisy = Elementwise.add(x, Elementwise.multiply(noise, Elementwise.exp(level)));
        projected.add(model.project(m, noisy, Pass.inference()));
      }
      double[] bits = new double[rows * PATTERNS * MODALITIES];
      double[] target = new double[rows * PATTERNS * CLASSES];
      for (int i = 0; i < rows * PATTERNS; i++) {
        int mask = i % PATTERNS == 0 ? 7 : 1 + random.nextInt(6);
        for (int m = 0; m < MODALITIES; m++) {
          bits[i * MODALITIES + m] = mask >>> m & 1;
        }
        target[i * CLASSES + i / PATTERNS % CLASSES] = 0.25 / rows;
      }
      Variable told = constant(dtype, Shape.of(rows, PATTERNS, MODALITIES), bits);
      this.logits = model.logits(model.fuse(projected, told, told));
      Variable truth = constant(dtype, Shape.of(rows, PATTERNS, CLASSES), target);
      this.loss = Elementwise.negate(Reduction.dot(Normalization.logSoftmax(logits), truth));
    }

    private Tensor tensor(DType dtype, Shape shape, double[] values) {
      return scope.of(dtype, shape, values);
    }

    private Variable constant(DType dtype, Shape shape, double[] values) {
      return tape.constant(tensor(dtype, shape, values));
    }

    LinearOperator operator() {
      GaussNewtonProduct product = new GaussNewtonProduct(loss, List.of(logits), theta);
      int n = theta.stream().mapToInt(v -> (int) v.shape().elements()).sum();
      return AutodiffOperators.gaussNewton(product, new double[n], 0);
    }

    double[][] rows() {
      AutodiffMixedProduct mixed = new AutodiffMixedProduct(loss, theta, phi, 0);
      double[] unit = new double[mixed.dimension()];
      int stride = Math.ceilDiv(unit.length, COLUMNS);
      double[][] rows = new double[phi.size()][Math.ceilDiv(unit.length, stride)];
      double[] c = new double[rows.length];
      for (int j = 0; j < unit.length; j += stride) {
        unit[j] = 1;
        mixed.apply(unit, c);
        for (int i = 0; i < rows.length; i++) {
          rows[i][j / stride] = c[i];
        }
        unit[j] = 0;
      }
      return rows;
    }

    @Override
    public void close() {
      tape.close();
      scope.close();
      backend.close();
    }
  }

  /** Normal draws that float32 holds exactly. */
  private static double[] draw(RandomStream random, int count, double scale) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> (float) (scale * random.nextGaussian()));
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "reference, 8, 5, 16, 1, 1",
    "reference, 16, 10, 32, 2, 2",
    "cpu, 8, 5, 16, 0.5, 3",
    "cpu, 16, 10, 32, 1, 4",
    "cpu, 32, 20, 64, 2, 5",
    "cpu, 64, 40, 128, 1, 6"
  })
  void isAnEighthOfWhatIsStatedAtMost(
      String backend, int width, int columns, int rows, double gain, long seed) {
    try (Graph single = new Graph(backend, DType.FLOAT32, width, columns, rows, gain, seed);
        Graph exact = new Graph(backend, DType.FLOAT64, width, columns, rows, gain, seed)) {
      LinearOperator g = single.operator();
      LinearOperator reference = exact.operator();
      int n = g.dimension();
      // a Rayleigh quotient: at most the norm, so that the relative error is not understated
      double norm = LanczosBound.of(reference, 20, 1e-3, RandomKey.of(seed)).largestRitz();
      RandomStream random = new RandomStream(RandomKey.of(seed).fold("vectors"));
      double[] x = draw(random, n, 1);
      double worst = 0;
      double[] y = new double[n];
      double[] truth = new double[n];
      for (int k = 0; k < 6; k++) {
        double scale = 1 / Arrays.stream(x).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < n; i++) {
          x[i] *= scale;
        }
        g.apply(x, y);
        reference.apply(x, truth);
        worst = Math.max(worst, distance(y, truth) / (norm * length(x)));
        // towards the leading eigenvector, where products are longest
        x = truth.clone();
      }
      double mixed = 0;
      double[][] got = single.rows();
      double[][] rowsExact = exact.rows();
      for (int i = 0; i < got.length; i++) {
        mixed = Math.max(mixed, distance(got[i], rowsExact[i]) / length(rowsExact[i]));
      }
      String measured = "n = " + n + ": product " + worst + ", mixed row " + mixed;
      assertTrue(worst <= HyperGradientTuner.PRODUCT_ERROR / 8, measured);
      assertTrue(mixed <= HyperGradientTuner.PRODUCT_ERROR / 8, measured);
      assertTrue(worst > 0 && mixed > 0, measured);
    }
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static double length(double[] a) {
    return distance(a, new double[a.length]);
  }
}
