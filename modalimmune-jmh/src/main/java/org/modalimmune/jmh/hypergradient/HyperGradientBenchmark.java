package org.modalimmune.jmh.hypergradient;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.HessianVectorProduct;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.hypergradient.AutodiffOperators;
import org.modalimmune.hypergradient.CertifiedSolver;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.hypergradient.Method;
import org.modalimmune.hypergradient.SolverOptions;
import org.modalimmune.hypergradient.SpectrumBounds;
import org.modalimmune.jmh.setup.Agreement;
import org.modalimmune.jmh.setup.BackendBenchmark;
import org.modalimmune.jmh.setup.Reference;
import org.modalimmune.jmh.setup.Sizes;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.Blackhole;

/**
 * First and second derivatives of a perceptron's loss, and the Neumann series on its Hessian. Each
 * call starts from the parameters: recording is part of the time.
 */
public class HyperGradientBenchmark extends BackendBenchmark {
  private static final double STEP = 0.01;

  /** Wide bounds: the recursion has a fixed step and a fixed number of terms. */
  private static final SpectrumBounds SPECTRUM = SpectrumBounds.certain(1e-3, 100);

  private static final double TOLERANCE = 1e-4;

  /** Columns from the input to the output. */
  @Param("300-256-256-1")
  public String layers;

  /** Rows. */
  @Param("256")
  public int batch;

  /** Terms of the Neumann series. */
  @Param("10")
  public int terms;

  /** Element type. */
  @Param("FLOAT32")
  public DType dtype;

  private Perceptron perceptron;

  /** Builds the perceptron, and checks each result against float64 on the reference backend. */
  @Override
  protected void prepare() {
    int[] columns = Sizes.parse(layers, "-", 0);
    perceptron = new Perceptron(backend().ops(scope()), columns, batch, dtype);
    for (Computation c : Computation.values()) {
      double[] expected =
          Reference.compute(
              ops ->
                  c.run(ops.backend(), new Perceptron(ops, columns, batch, DType.FLOAT64), terms));
      Agreement.inNorm(c.toString(), c.run(backend(), perceptron, terms), expected, TOLERANCE);
    }
  }

  /** Loss and its gradient. */
  @Benchmark
  public void gradient(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      blackhole.consume(Gradients.of(perceptron.loss(tape), perceptron.leaves(tape)));
    }
  }

  /** One product with the Hessian. */
  @Benchmark
  public void hessianVectorProduct(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      blackhole.consume(hvp(tape, perceptron));
    }
  }

  /** K terms of the Neumann series on tensors, without a certificate: K products. */
  @Benchmark
  public void neumann(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      blackhole.consume(neumann(tape, perceptron, terms));
    }
  }

  /** The same K terms by the certified solver: K + 1 products, and a bound on the error. */
  @Benchmark
  public void certifiedNeumann(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      blackhole.consume(certified(tape, perceptron, terms));
    }
  }

  private static List<Variable> hvp(Tape tape, Perceptron p) {
    return Gradients.hvp(
        p.loss(tape), p.leaves(tape), p.direction().stream().map(tape::constant).toList());
  }

  /** Sum over j < K of (I - a H)^j v, times a. */
  private static List<Tensor> neumann(Tape tape, Perceptron p, int terms) {
    HessianVectorProduct product = new HessianVectorProduct(p.loss(tape), p.leaves(tape));
    Ops ops = tape.ops();
    List<Tensor> r = p.direction().stream().map(ops::copy).toList();
    List<Tensor> q = new ArrayList<>();
    List<Tensor> h = new ArrayList<>();
    for (Tensor t : r) {
      q.add(ops.full(0, t.dtype(), t.shape()));
      h.add(ops.scope().allocate(t.dtype(), t.shape()));
    }
    for (int k = 0; k < terms; k++) {
      product.apply(r, h);
      for (int i = 0; i < r.size(); i++) {
        ops.axpy(STEP, r.get(i), q.get(i));
        ops.axpy(-STEP, h.get(i), r.get(i));
      }
    }
    return q;
  }

  private static double[] certified(Tape tape, Perceptron p, int terms) {
    HessianVectorProduct product = new HessianVectorProduct(p.loss(tape), p.leaves(tape));
    LinearOperator h = AutodiffOperators.hessian(product, 0, 1e-5);
    SolverOptions options = SolverOptions.fixedTerms(Method.NEUMANN, terms).withStep(STEP);
    return CertifiedSolver.solve(h, Perceptron.flat(p.direction()), SPECTRUM, options).solution();
  }

  /** What is timed, with its result on the host. */
  private enum Computation {
    GRADIENT {
      @Override
      double[] on(Tape tape, Perceptron p, int terms) {
        return host(Gradients.of(p.loss(tape), p.leaves(tape)));
      }
    },
    HESSIAN_VECTOR_PRODUCT {
      @Override
      double[] on(Tape tape, Perceptron p, int terms) {
        return host(hvp(tape, p));
      }
    },
    NEUMANN {
      @Override
      double[] on(Tape tape, Perceptron p, int terms) {
        return Perceptron.flat(neumann(tape, p, terms));
      }
    },
    CERTIFIED_NEUMANN {
      @Override
      double[] on(Tape tape, Perceptron p, int terms) {
        return certified(tape, p, terms);
      }
    };

    abstract double[] on(Tape tape, Perceptron p, int terms);

    double[] run(Backend backend, Perceptron p, int terms) {
      try (Tape tape = new Tape(backend)) {
        return on(tape, p, terms);
      }
    }

    private static double[] host(List<Variable> variables) {
      return Perceptron.flat(variables.stream().map(Variable::tensor).toList());
    }
  }
}
