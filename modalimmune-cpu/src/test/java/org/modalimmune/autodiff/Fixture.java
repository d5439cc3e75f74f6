package org.modalimmune.autodiff;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.cpu.ReferenceProvider;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** A reference backend with one tape and seeded draws, and the comparison of results. */
final class Fixture implements AutoCloseable {
  private final RandomStream random;
  final Backend backend = new ReferenceProvider().open(BackendOptions.ofThreads(1));
  final Tape tape = new Tape(backend);

  Fixture(long seed) {
    random = new RandomStream(RandomKey.of(seed));
  }

  /** Uniform in [-1.5, 1.5). */
  Variable leaf(long... dims) {
    return tape.leaf(HostArray.draw(random, DType.FLOAT64, Shape.of(dims), 1.5).on(tape.scope()));
  }

  Variable constant(long... dims) {
    return leaf(dims).detach();
  }

  /** One constant of each variable's shape. */
  List<Variable> like(List<Variable> variables) {
    List<Variable> drawn = new ArrayList<>();
    for (Variable v : variables) {
      drawn.add(constant(v.shape().dims()));
    }
    return drawn;
  }

  /** Inner product over all variables, computed on the host. */
  static double inner(List<Variable> a, List<Variable> b) {
    ProductSum sum = new ProductSum();
    for (int i = 0; i < a.size(); i++) {
      sum.add(a.get(i).tensor().toDoubleArray(), b.get(i).tensor().toDoubleArray());
    }
    return sum.total();
  }

  /**
   * What two ways to the same linear function of a cotangent may differ by: each of at most ten
   * operations, with sums of at most 16 terms, adds 16 unit roundoffs of the magnitudes it sums,
   * and so does the comparison's own arithmetic.
   *
   * @param amplitude bound on those magnitudes, all signs taken as equal
   */
  static double rounding(double amplitude) {
    return 2 * 256 * 0x1p-53 * amplitude;
  }

  /** Fails unless shapes are equal and elements agree to {@code tolerance}. */
  static void requireClose(Variable expected, Variable got, double tolerance) {
    if (!expected.shape().equals(got.shape())) {
      throw new AssertionError("shapes " + expected.shape() + " and " + got.shape());
    }
    double[] e = expected.tensor().toDoubleArray();
    double[] g = got.tensor().toDoubleArray();
    for (int i = 0; i < e.length; i++) {
      if (!(Math.abs(e[i] - g[i]) <= tolerance)) {
        throw new AssertionError("element " + i + ": expected " + e[i] + ", got " + g[i]);
      }
    }
  }

  @Override
  public void close() {
    tape.close();
    backend.close();
  }
}
