package org.modalimmune.cuda.gpu;

import java.util.List;
import java.util.Locale;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.collapse.StableRank;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Compares the device with {@code reference} on whole computations: training steps, products with a
 * Hessian, a Neumann recursion, the stable rank and its gradient. Exit code 1 if one lies further
 * off than float32's roundings and the computation's condition allow.
 */
final class Parity {
  // roundings of one step that lie behind one another: spec/tolerances.md, section 13
  private static final double STEP = 256;
  private static final double CHANGE = 0x1p-10;

  private boolean failed;

  private Parity() {}

  public static void main(String[] arguments) {
    Parity parity = new Parity();
    parity.compare("training, 20 steps", 20, Parity::train);
    parity.compare("Hessian-vector product", 1, (b, change) -> curvature(b, 0, change));
    parity.compare("Neumann recursion, K = 10", 11, (b, change) -> curvature(b, 10, change));
    parity.compare("stable rank and gradient, 200 x 48", 1, Parity::stableRank);
    System.exit(parity.failed ? 1 : 0);
  }

  private interface Computation {
    List<double[]> on(Backend backend, double change);
  }

  private void compare(String what, int steps, Computation computation) {
    try (Backend reference = Backends.open("reference", BackendOptions.ofThreads(1));
        Backend device = Backends.open("cuda", BackendOptions.ofThreads(1))) {
      List<double[]> expected = computation.on(reference, 0);
      double growth = distance(expected, computation.on(reference, CHANGE)) / CHANGE;
      double bound = 2 * steps * STEP * Math.max(1, growth) * DType.FLOAT32.unitRoundoff();
      double off = distance(expected, computation.on(device, 0));
      boolean good = off <= bound;
      failed |= !good;
      System.out.printf(
          Locale.ROOT,
          "parity %-36s %.2e of at most %.1e, condition %.1f: %s%n",
          what,
          off,
          bound,
          growth,
          good ? "ok" : "FAILED");
    }
  }

  private static List<double[]> train(Backend backend, double change) {
    try (Workload work = new Workload(backend, 32, 20, 24, change)) {
      for (int i = 0; i < 20; i++) {
        work.step();
      }
      return work.values();
    }
  }

  private static List<double[]> curvature(Backend backend, int terms, double change) {
    try (Workload work = new Workload(backend, 32, 20, 24, change);
        Workload.Curvature curvature = work.curvature()) {
      List<Tensor> result = terms == 0 ? curvature.multiply() : curvature.neumann(terms, 0.01);
      return result.stream().map(Tensor::toDoubleArray).toList();
    }
  }

  private static List<double[]> stableRank(Backend backend, double change) {
    try (Tape tape = new Tape(backend)) {
      Shape shape = Shape.of(200, 48);
      Ops ops = tape.ops();
      Tensor changes = ops.uniform(RandomKey.of(4), DType.FLOAT32, shape);
      Tensor drawn = ops.normal(RandomKey.of(3), DType.FLOAT32, shape);
      Variable z = tape.leaf(ops.binary(BinaryOp.MULTIPLY, drawn, ops.affine(changes, change, 1)));
      Variable rank = new StableRank().of(z);
      Tensor gradient = Gradients.of(rank, List.of(z)).getFirst().tensor();
      return List.of(rank.tensor().toDoubleArray(), gradient.toDoubleArray());
    }
  }

  /**
   * Largest difference relative to the largest magnitude of each result; NaN counts as infinite.
   */
  private static double distance(List<double[]> expected, List<double[]> actual) {
    double worst = 0;
    for (int r = 0; r < expected.size(); r++) {
      double largest = 0;
      double off = 0;
      for (int i = 0; i < expected.get(r).length; i++) {
        double difference = Math.abs(expected.get(r)[i] - actual.get(r)[i]);
        off = Math.max(off, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        largest = Math.max(largest, Math.abs(expected.get(r)[i]));
      }
      worst = Math.max(worst, off / Math.max(largest, Double.MIN_NORMAL));
    }
    return worst;
  }
}
