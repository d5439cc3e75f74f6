package org.modalimmune.cuda.gpu;

import java.util.List;
import java.util.Locale;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.collapse.StableRank;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Compares the device with {@code reference} on whole computations: training steps, products with a
 * Hessian, a Neumann recursion, the stable rank and its gradient. Exit code 1 if one lies further
 * off than float32 allows.
 */
final class Parity {
  // relative to the largest element; some hundred roundings of float32 in a row
  private static final double BOUND = 2e-4;

  private boolean failed;

  private Parity() {}

  public static void main(String[] arguments) {
    Parity parity = new Parity();
    parity.compare("training, 20 steps", Parity::train);
    parity.compare("Hessian-vector product", b -> curvature(b, 0));
    parity.compare("Neumann recursion, K = 10", b -> curvature(b, 10));
    parity.compare("stable rank and gradient, 200 x 48", Parity::stableRank);
    System.exit(parity.failed ? 1 : 0);
  }

  private interface Computation {
    List<double[]> on(Backend backend);
  }

  private void compare(String what, Computation computation) {
    try (Backend reference = Backends.open("reference", BackendOptions.ofThreads(1));
        Backend device = Backends.open("cuda", BackendOptions.ofThreads(1))) {
      double off = distance(computation.on(reference), computation.on(device));
      boolean good = off <= BOUND;
      failed |= !good;
      System.out.printf(
          Locale.ROOT,
          "parity %-36s %.2e of at most %.0e: %s%n",
          what,
          off,
          BOUND,
          good ? "ok" : "FAILED");
    }
  }

  private static List<double[]> train(Backend backend) {
    try (Workload work = new Workload(backend, 32, 20, 24)) {
      for (int i = 0; i < 20; i++) {
        work.step();
      }
      return work.values();
    }
  }

  private static List<double[]> curvature(Backend backend, int terms) {
    try (Workload work = new Workload(backend, 32, 20, 24);
        Workload.Curvature curvature = work.curvature()) {
      List<Tensor> result = terms == 0 ? curvature.multiply() : curvature.neumann(terms, 0.01);
      return result.stream().map(Tensor::toDoubleArray).toList();
    }
  }

  private static List<double[]> stableRank(Backend backend) {
    try (Tape tape = new Tape(backend)) {
      Tensor drawn = tape.ops().normal(RandomKey.of(3), DType.FLOAT32, Shape.of(200, 48));
      Variable z = tape.leaf(drawn);
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
