package org.modalimmune.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.MemoryStatistics;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * G = J'BJ for a net with two outputs: logits y = h W under cross-entropy and predictions z = h U
 * under a squared error, h = tanh(X V).
 */
class GaussNewtonProductTest {
  private static final int ROWS = 5;
  private static final int CLASSES = 3;

  /** Roundings of a product of some hundred operations, in units of its type's roundoff. */
  private static final double UNITS = 512;

  private static double unit(DType dtype) {
    return dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
  }

  /** The net on one backend, all values exact in float32. */
  private static final class Net implements AutoCloseable {
    final Backend backend;
    final Tape tape;
    final DType dtype;
    private final RandomStream random;
    final List<Variable> wrt;
    final Variable logits;
    final Variable predictions;
    final Variable loss;

    Net(String name, DType dtype, long seed) {
      this.backend = Backends.open(name, BackendOptions.ofThreads(1));
      this.tape = new Tape(backend);
      this.dtype = dtype;
      this.random = new RandomStream(RandomKey.of(seed));
      Variable x = tape.constant(draw(ROWS, 4));
      this.wrt = List.of(tape.leaf(draw(4, 3)), tape.leaf(draw(3, CLASSES)), tape.leaf(draw(3, 2)));
      Variable h = Elementwise.tanh(Matrix.matmul(x, wrt.get(0)));
      this.logits = Matrix.matmul(h, wrt.get(1));
      this.predictions = Matrix.matmul(h, wrt.get(2));
      double[] truth = new double[ROWS * CLASSES];
      for (int i = 0; i < ROWS; i++) {
        truth[i * CLASSES + i % CLASSES] = 1;
      }
      Variable labels = tape.constant(tape.scope().of(dtype, Shape.of(ROWS, CLASSES), truth));
      Variable entropy =
          Elementwise.scale(Reduction.dot(Normalization.logSoftmax(logits), labels), -1.0 / ROWS);
      Variable error = Elementwise.subtract(predictions, tape.constant(draw(ROWS, 2)));
      this.loss =
          Elementwise.add(entropy, Elementwise.scale(Reduction.dot(error, error), 0.5 / ROWS));
    }

    Tensor draw(long... dims) {
      Shape shape = Shape.of(dims);
      double[] values = new double[(int) shape.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return tape.scope().of(dtype, shape, values);
    }

    List<Tensor> drawLike() {
      return wrt.stream().map(w -> draw(w.shape().dims())).toList();
    }

    List<Tensor> zeros() {
      return wrt.stream().map(w -> tape.ops().full(0, dtype, w.shape())).toList();
    }

    GaussNewtonProduct product() {
      return new GaussNewtonProduct(loss, List.of(logits, predictions), wrt);
    }

    double[] times(List<Tensor> v) {
      List<Tensor> result = zeros();
      product().apply(v, result);
      return flat(result);
    }

    @Override
    public void close() {
      tape.close();
      backend.close();
    }
  }

  private static double[] flat(List<Tensor> tensors) {
    return tensors.stream().flatMapToDouble(t -> Arrays.stream(t.toDoubleArray())).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Columns of J, one per element of the variables, the logits' rows first. */
  private static double[][] jacobian(Net net) {
    List<double[]> columns = new ArrayList<>();
    for (int k = 0; k < net.wrt.size(); k++) {
      for (int i = 0; i < net.wrt.get(k).shape().elements(); i++) {
        List<Tensor> unit = net.zeros();
        double[] values = unit.get(k).toDoubleArray();
        values[i] = 1;
        unit.get(k).set(values);
        List<Variable> tangents = unit.stream().map(net.tape::constant).toList();
        columns.add(
            flat(
                List.of(
                    Gradients.jvp(net.logits, net.wrt, tangents).tensor(),
                    Gradients.jvp(net.predictions, net.wrt, tangents).tensor())));
      }
    }
    return columns.toArray(new double[0][]);
  }

  /** B times a change of the outputs: (diag(p) - p p') / N on logits, 1 / N on predictions. */
  private static double[] curved(Net net, double[] change) {
    double[] y = net.logits.tensor().toDoubleArray();
    double[] result = new double[change.length];
    for (int i = 0; i < ROWS; i++) {
      double[] p = new double[CLASSES];
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        p[c] = Math.exp(y[i * CLASSES + c]);
        sum += p[c];
      }
      double mean = 0;
      for (int c = 0; c < CLASSES; c++) {
        p[c] /= sum;
        mean += p[c] * change[i * CLASSES + c];
      }
      for (int c = 0; c < CLASSES; c++) {
        result[i * CLASSES + c] = p[c] * (change[i * CLASSES + c] - mean) / ROWS;
      }
    }
    for (int j = ROWS * CLASSES; j < change.length; j++) {
      result[j] = change[j] / ROWS;
    }
    return result;
  }

  @ParameterizedTest
  @CsvSource({"reference, FLOAT64", "reference, FLOAT32", "cpu, FLOAT64", "cpu, FLOAT32"})
  void isTheMatrixBuiltColumnByColumn(String backend, DType dtype) {
    for (long seed = 1; seed <= 5; seed++) {
      try (Net net = new Net(backend, dtype, seed);
          Net exact = new Net("reference", DType.FLOAT64, seed)) {
        double[][] j = jacobian(exact);
        int n = j.length;
        double[][] g = new double[n][n];
        double frobenius = 0;
        for (int b = 0; b < n; b++) {
          double[] slopes = curved(exact, j[b]);
          for (int a = 0; a < n; a++) {
            g[a][b] = dot(j[a], slopes);
            frobenius += g[a][b] * g[a][b];
          }
        }
        List<Tensor> v = net.drawLike();
        double[] flat = flat(v);
        double[] got = net.times(v);
        double bound = UNITS * unit(dtype) * Math.sqrt(frobenius * dot(flat, flat));
        for (int a = 0; a < n; a++) {
          assertEquals(dot(g[a], flat), got[a], bound, "element " + a + " of seed " + seed);
        }
      }
    }
  }

  @Property(tries = 40)
  void isPositiveSemidefiniteAndSymmetric(@ForAll long seed, @ForAll DType dtype) {
    try (Net net = new Net("cpu", dtype, seed)) {
      List<Tensor> u = net.drawLike();
      List<Tensor> v = net.drawLike();
      double[] gu = net.times(u);
      double[] gv = net.times(v);
      double[] a = flat(u);
      double[] b = flat(v);
      // Frobenius norm bounded by the trace, which J bounds: |G| <= max B trace(J'J)
      double norm = 0;
      for (double[] column : jacobian(net)) {
        norm += dot(column, column) / ROWS;
      }
      double bound = UNITS * unit(dtype) * norm * Math.sqrt(dot(a, a) * dot(b, b));
      assertEquals(dot(a, gv), dot(b, gu), bound);
      assertTrue(dot(b, gv) >= -UNITS * unit(dtype) * norm * dot(b, b), () -> "v'Gv < 0");
    }
  }

  @Property(tries = 40)
  void isTheHessianWhereOutputsAreLinear(@ForAll long seed) {
    for (String name : List.of("reference", "cpu")) {
      try (Net net = new Net(name, DType.FLOAT64, seed)) {
        // of the two last layers alone, both outputs are linear
        List<Variable> last = net.wrt.subList(1, 3);
        List<Tensor> v = last.stream().map(w -> net.draw(w.shape().dims())).toList();
        List<Tensor> g = last.stream().map(w -> net.draw(w.shape().dims())).toList();
        List<Tensor> h = last.stream().map(w -> net.draw(w.shape().dims())).toList();
        new GaussNewtonProduct(net.loss, List.of(net.logits, net.predictions), last).apply(v, g);
        new HessianVectorProduct(net.loss, last).apply(v, h);
        double scale = Math.sqrt(dot(flat(v), flat(v))) * 3;
        assertArrayEquals(flat(h), flat(g), UNITS * 0x1p-53 * scale);
      }
    }
  }

  @Test
  void isNotTheHessianElsewhere() {
    int negative = 0;
    for (long seed = 1; seed <= 20; seed++) {
      try (Net net = new Net("reference", DType.FLOAT64, seed)) {
        List<Tensor> v = net.drawLike();
        List<Tensor> h = net.zeros();
        new HessianVectorProduct(net.loss, net.wrt).apply(v, h);
        negative += dot(flat(v), flat(h)) < 0 ? 1 : 0;
        assertTrue(dot(flat(v), net.times(v)) > 0);
      }
    }
    assertTrue(negative > 0, "no draw had negative curvature: the property above says nothing");
  }

  @Test
  void whatTheLossOwesTheVariablesDirectlyDoesNotEnter() {
    try (Net net = new Net("reference", DType.FLOAT64, 3)) {
      Variable w = net.wrt.getFirst();
      Variable penalised = Elementwise.add(net.loss, Reduction.dot(w, w));
      List<Tensor> v = net.drawLike();
      List<Tensor> g = net.zeros();
      new GaussNewtonProduct(penalised, List.of(net.logits, net.predictions), net.wrt).apply(v, g);
      assertArrayEquals(net.times(v), flat(g));
    }
  }

  @Test
  void tenThousandProductsHoldNoMoreMemoryThanOne() {
    try (Net net = new Net("reference", DType.FLOAT32, 2)) {
      GaussNewtonProduct product = net.product();
      // the result is the next vector, so that aliasing is met as well
      List<Tensor> v = net.drawLike();
      product.apply(v, v);
      HostAllocator allocator = (HostAllocator) net.backend.allocator();
      MemoryStatistics before = allocator.statistics();
      int owned = net.tape.scope().size();
      double[] first = v.getFirst().toDoubleArray();
      for (int i = 0; i < 10_000; i++) {
        v.getFirst().set(first);
        product.apply(v, v);
      }
      assertEquals(before, allocator.statistics());
      assertEquals(owned, net.tape.scope().size());
    }
  }

  @Test
  void refusals() {
    try (Net net = new Net("reference", DType.FLOAT64, 4);
        Net other = new Net("reference", DType.FLOAT64, 4)) {
      List<Variable> outputs = List.of(net.logits, net.predictions);
      refused(() -> new GaussNewtonProduct(net.loss, List.of(), net.wrt));
      refused(() -> new GaussNewtonProduct(net.loss, outputs, List.of()));
      refused(() -> new GaussNewtonProduct(net.logits, outputs, net.wrt));
      refused(() -> new GaussNewtonProduct(net.loss, List.of(other.logits), net.wrt));
      refused(() -> new GaussNewtonProduct(net.loss, List.of(net.logits, net.logits), net.wrt));
      Variable above = Elementwise.scale(net.logits, 2);
      Variable loss = Elementwise.add(net.loss, Reduction.dot(above, above));
      refused(() -> new GaussNewtonProduct(loss, List.of(above, net.logits), net.wrt));
      refused(() -> new GaussNewtonProduct(loss, List.of(net.logits, above), net.wrt));
      List<Tensor> v = net.drawLike();
      List<Tensor> result = net.zeros();
      refused(() -> net.product().apply(v.subList(0, 2), result));
      refused(() -> net.product().apply(v, result.subList(0, 2)));
      refused(() -> net.product().apply(v, List.of(result.get(0), result.get(1), result.get(1))));
      assertArrayEquals(new double[27], flat(result));
    }
  }

  private static void refused(Executable action) {
    assertThrows(IllegalArgumentException.class, action);
  }
}
