package org.modalimmune.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.GramOps;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Bit for bit the same results at every number of threads, on inputs large enough to be split. */
public abstract class ThreadContract extends Contract {
  /** For subclasses. */
  protected ThreadContract() {}

  /** Numbers of threads at which results must be those of one thread. */
  protected abstract int[] threadCounts();

  /** Kernels on large operands. */
  public enum Work {
    /** Functions of one and two operands, dense and transposed. */
    ELEMENTWISE,
    /** Sums along every axis and over all. */
    SUMS,
    /** Extrema along every axis and over all. */
    EXTREMA,
    /** Inner products, dense and strided. */
    DOTS,
    /** Matrix products of several forms. */
    PRODUCTS,
    /** Softmax, its logarithm and layer normalisation. */
    ROWS,
    /** Eigendecomposition, Cholesky factor, triangular solve. */
    DECOMPOSITIONS,
    /** Uniform and normal draws. */
    DRAWS,
    /** Rows gathered and scattered. */
    INDEXING,
    /** Parameter updates. */
    UPDATES,
    /** Products with a centred matrix, tall and wide. */
    GRAMS
  }

  /** Draws operands of one type. */
  private record Operands(Ops ops, DType dtype, SplittableRandom random) {
    Tensor of(long... dims) {
      Shape shape = Shape.of(dims);
      double[] elements = new double[(int) shape.elements()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = Math.scalb(random.nextDouble() - 0.3, random.nextInt(10));
      }
      return ops.scope().of(dtype, shape, elements);
    }
  }

  @Property
  void sameBitsAtEveryThreadCount(@ForAll DType dtype) {
    Map<Work, List<double[]>> expected = runAll(1, dtype);
    for (int threads : threadCounts()) {
      Map<Work, List<double[]>> actual = runAll(threads, dtype);
      expected.forEach(
          (work, results) ->
              requireSame(
                  work + " " + dtype + " with " + threads + " threads",
                  results,
                  actual.getOrDefault(work, List.of())));
    }
  }

  @Example
  void callersOnManyThreadsDoNotMeet() throws InterruptedException, ExecutionException {
    List<double[]> expected = compute(backend(), Work.PRODUCTS, DType.FLOAT32);
    List<Callable<List<double[]>>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      calls.add(() -> compute(backend(), Work.PRODUCTS, DType.FLOAT32));
    }
    try (ExecutorService callers = Executors.newFixedThreadPool(3)) {
      for (Future<List<double[]>> result : callers.invokeAll(calls)) {
        requireSame("one backend, several callers", expected, result.get());
      }
    }
  }

  private Map<Work, List<double[]>> runAll(int threads, DType dtype) {
    Map<Work, List<double[]>> results = new EnumMap<>(Work.class);
    try (Backend backend = open(new BackendOptions(threads, options().settings()))) {
      for (Work work : Work.values()) {
        results.put(work, compute(backend, work, dtype));
      }
    }
    return results;
  }

  private static List<double[]> compute(Backend backend, Work work, DType dtype) {
    try (Scope scope = backend.newScope()) {
      Operands operands =
          new Operands(backend.ops(scope), dtype, new SplittableRandom(work.name().hashCode()));
      return results(work, operands).stream().map(Tensor::toDoubleArray).toList();
    }
  }

  private static void requireSame(String what, List<double[]> expected, List<double[]> actual) {
    for (int k = 0; k < expected.size(); k++) {
      double[] p = expected.get(k);
      double[] q = actual.get(k);
      int i = Arrays.mismatch(p, q);
      if (i >= 0) {
        throw new AssertionError(
            what + ": result " + k + ", element " + i + ": " + p[i] + " became " + q[i]);
      }
    }
  }

  private static List<Tensor> results(Work work, Operands in) {
    return switch (work) {
      case ELEMENTWISE -> elementwise(in);
      case SUMS -> sums(in);
      case EXTREMA -> extrema(in);
      case DOTS -> dots(in);
      case PRODUCTS -> products(in);
      case ROWS -> rows(in);
      case DECOMPOSITIONS -> decompositions(in);
      case DRAWS -> draws(in);
      case INDEXING -> indexing(in);
      case UPDATES -> updates(in);
      case GRAMS -> grams(in);
    };
  }

  private static List<Tensor> elementwise(Operands in) {
    Tensor a = in.of(311, 307);
    Tensor b = in.of(307, 311).transpose(0, 1);
    return List.of(
        in.ops.unary(UnaryOp.EXP, a),
        in.ops.unary(UnaryOp.TANH, b),
        in.ops.unary(UnaryOp.GELU, a),
        in.ops.geluWithDerivative(a).value(),
        in.ops.geluWithDerivative(a).derivative(),
        in.ops.binary(BinaryOp.ADD, a, b),
        in.ops.binary(BinaryOp.DIVIDE, b, a),
        in.ops.multiplyAdd(a, b, a),
        in.ops.affine(a, 0.3, 0.1));
  }

  private static List<Tensor> sums(Operands in) {
    Tensor a = in.of(200_003);
    Tensor b = in.of(1031, 353);
    Tensor c = in.of(47, 53, 59);
    return List.of(
        in.ops.sum(a),
        in.ops.sum(b.transpose(0, 1)),
        in.ops.reduce(ReduceOp.SUM, b, 0),
        in.ops.reduce(ReduceOp.SUM, b, 1),
        in.ops.reduce(ReduceOp.SUM, c, 1),
        in.ops.reduceTo(ReduceOp.SUM, c, Shape.of(47, 1, 1)),
        in.ops.reduceTo(ReduceOp.SUM, c, Shape.of(59)));
  }

  private static List<Tensor> extrema(Operands in) {
    Tensor a = in.of(1031, 353);
    return List.of(
        in.ops.reduceTo(ReduceOp.MAX, a, Shape.of()),
        in.ops.reduce(ReduceOp.MIN, a, 0),
        in.ops.reduce(ReduceOp.MAX, a, 1));
  }

  private static List<Tensor> dots(Operands in) {
    Tensor a = in.of(353, 401);
    Tensor b = in.of(401, 353);
    return List.of(in.ops.dot(a, a), in.ops.dot(a.transpose(0, 1), b));
  }

  private static List<Tensor> products(Operands in) {
    Tensor a = in.of(257, 129);
    Tensor b = in.of(129, 131);
    return List.of(
        in.ops.matmul(a, b),
        in.ops.matmul(a.transpose(0, 1), a),
        in.ops.matmul(in.of(3, 4099), in.of(4099, 5)),
        in.ops.matmul(in.of(40, 9, 17), in.of(40, 17, 8)),
        in.ops.matmul(in.of(7, 65, 90), in.of(7, 90, 70)),
        in.ops.matmul(in.of(1201, 130), in.of(130, 5)),
        in.ops.matmul(in.of(2405, 130), in.of(130, 1)),
        in.ops.matmul(in.of(1, 301), in.of(301, 701)),
        in.ops.matmul(in.of(601, 9), in.of(9, 70)),
        in.ops.linear(a, b, in.of(131)));
  }

  private static List<Tensor> rows(Operands in) {
    Tensor a = in.of(1201, 67);
    Tensor gain = in.of(67);
    Ops.ScaledLayerNorm norm = in.ops.layerNorm(a, gain, gain, 1e-5);
    Ops.ScaledLayerNormPullback pulled =
        in.ops.layerNormPullback(norm.normalized(), norm.reciprocalStd(), gain, in.of(1201, 67));
    return List.of(
        in.ops.layerNorm(a, 1e-5).normalized(),
        norm.scaled(),
        in.ops.layerNormPullback(norm.normalized(), norm.reciprocalStd(), a),
        pulled.x(),
        pulled.gain(),
        pulled.bias(),
        in.ops.softmax(a),
        in.ops.logSoftmax(a),
        norm.normalized(),
        norm.reciprocalStd(),
        in.ops.softmax(in.of(3, 30_011)),
        in.ops.softmaxPullback(a, norm.scaled()),
        in.ops.logSoftmaxPullback(a, norm.scaled()));
  }

  private static List<Tensor> decompositions(Operands in) {
    Tensor a = in.of(90, 70);
    Tensor gram = in.ops.matmul(a.transpose(0, 1), a);
    Ops.SymmetricEigen eigen = in.ops.symmetricEigen(gram);
    Tensor lower = in.ops.cholesky(gram);
    return List.of(
        eigen.values(),
        eigen.vectors(),
        lower,
        in.ops.solveTriangular(lower, false, in.of(70, 65)),
        in.ops.solveTriangular(lower, true, in.of(70, 65)));
  }

  private static List<Tensor> draws(Operands in) {
    RandomKey key = RandomKey.of(3);
    return List.of(
        in.ops.uniform(key, in.dtype, Shape.of(100_003)),
        in.ops.normal(key, in.dtype, Shape.of(100_003)));
  }

  private static List<Tensor> indexing(Operands in) {
    Tensor a = in.of(2503, 41);
    int[] rows = in.random.ints(2503, 0, 307).toArray();
    return List.of(in.ops.gatherRows(a, rows), in.ops.scatterAddRows(a, rows, 307));
  }

  private static List<Tensor> updates(Operands in) {
    Tensor g = in.of(70_001);
    Tensor w = in.of(70_001);
    Tensor m = in.of(70_001);
    Tensor v = in.ops.unary(UnaryOp.SQUARE, m);
    in.ops.adamW(new AdamWStep(7, 1e-3, 0.9, 0.999, 1e-8, 0.01), g, w, m, v);
    Tensor velocity = in.of(70_001);
    in.ops.momentum(0.1, 0.9, 1e-4, true, g, v, velocity);
    return List.of(w, m, v, velocity);
  }

  private static List<Tensor> grams(Operands in) {
    List<Tensor> results = new ArrayList<>();
    for (Tensor z : List.of(in.of(1601, 131), in.of(131, 1601), in.of(131, 1601).transpose(0, 1))) {
      GramOps gram = in.ops.gram();
      long rows = z.shape().dim(0);
      long columns = z.shape().dim(1);
      results.add(gram.columnMoments(z, z.select(0, 0)));
      Tensor affine = in.ops.full(0.5, in.dtype, Shape.of(3, columns));
      Operands wide = new Operands(in.ops, DType.FLOAT64, in.random);
      Tensor v = wide.of(3, columns);
      Tensor u = wide.of(3, rows);
      Tensor across = wide.of(3, rows);
      Tensor down = wide.of(3, columns);
      Tensor square = wide.of(3, columns);
      Tensor rowSquare = wide.of(3, rows);
      gram.multiply(z, affine, v, across);
      gram.multiplyTransposed(z, affine, u, down);
      gram.gram(z, affine, v, square);
      gram.rowGram(z, affine, u, rowSquare);
      results.addAll(List.of(across, down, square, rowSquare));
      results.add(gram.deflate(z, affine, v.select(0, 0), 0.7, 2, in.of()));
    }
    return results;
  }
}
