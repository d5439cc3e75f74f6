package org.modalimmune.jmh.collapse;

import java.util.List;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.collapse.StableRank;
import org.modalimmune.collapse.StableRankResult;
import org.modalimmune.jmh.setup.Agreement;
import org.modalimmune.jmh.setup.BackendBenchmark;
import org.modalimmune.jmh.setup.Draws;
import org.modalimmune.jmh.setup.Sizes;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.Blackhole;

/** Stable rank of a batch of embeddings and its gradient, right to 1e-4 of the gradient's norm. */
public class StableRankBenchmark extends BackendBenchmark {
  private static final double TOLERANCE = 1e-4;

  /** How far the warm start is from the leading direction: the angle that one step turns it by. */
  private static final double TURN = 0.01;

  /** Rows x columns of the embedding. */
  @Param({"4096x1024", "1024x256", "256x64"})
  public String size;

  /** How fast the eigenvalues fall; see {@link Embedding#of}. */
  @Param({"gaussian", "slow", "fast"})
  public String spectrum;

  /** Element type. */
  @Param("FLOAT32")
  public DType dtype;

  private final StableRank rank = new StableRank();
  private Tensor embedding;
  private double[] start;

  /** Builds the embedding, and checks value and gradient of both starts. */
  @Override
  protected void prepare() {
    int[] s = Sizes.parse(size, "x", 2);
    Embedding exact = Embedding.of(s[0], s[1], spectrum);
    embedding = scope().of(dtype, Shape.of(s[0], s[1]), exact.values());
    try (Tape tape = new Tape(backend())) {
      start = turned(rank.analyse(tape.leaf(embedding)).direction());
    }
    check("cold start", exact, false);
    check("warm start", exact, true);
  }

  private static double[] turned(double[] direction) {
    double[] other = new Draws(5).normal(direction.length);
    double norm = 0;
    for (double x : other) {
      norm += x * x;
    }
    for (int i = 0; i < direction.length; i++) {
      direction[i] += TURN * other[i] / Math.sqrt(norm);
    }
    return direction;
  }

  private void check(String what, Embedding exact, boolean warm) {
    try (Tape tape = new Tape(backend())) {
      Variable z = tape.leaf(embedding);
      StableRankResult result = warm ? rank.analyse(z, start) : rank.analyse(z);
      Agreement.elementwise(
          what + ", value", new double[] {result.value()}, new double[] {exact.rank()}, TOLERANCE);
      Tensor gradient = Gradients.of(result.rank(), List.of(z)).getFirst().tensor();
      Agreement.inNorm(what + ", gradient", gradient.toDoubleArray(), exact.gradient(), TOLERANCE);
    }
  }

  /** From a seeded random start. */
  @Benchmark
  public void cold(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      Variable z = tape.leaf(embedding);
      blackhole.consume(Gradients.of(rank.analyse(z).rank(), List.of(z)));
    }
  }

  /** From a start close to the leading direction, as in a training loop. */
  @Benchmark
  public void warm(Blackhole blackhole) {
    try (Tape tape = new Tape(backend())) {
      Variable z = tape.leaf(embedding);
      blackhole.consume(Gradients.of(rank.analyse(z, start).rank(), List.of(z)));
    }
  }
}
