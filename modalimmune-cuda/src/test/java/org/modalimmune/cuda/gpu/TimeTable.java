package org.modalimmune.cuda.gpu;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.GramKernels;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.collapse.StableRank;
import org.modalimmune.cuda.CudaBackend;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Prints a table in Markdown: memory-bound kernels with their bytes over the measured bandwidth of
 * copies, matrix products with their arithmetic, and whole computations.
 */
final class TimeTable {
  private static final double FLOAT = Float.BYTES;

  private final long scale;

  private TimeTable(long scale) {
    this.scale = scale;
  }

  /**
   * Prints the table.
   *
   * @param arguments how many times smaller than usual all sizes are, 1 unless given
   */
  public static void main(String[] arguments) {
    TimeTable table = new TimeTable(arguments.length > 0 ? Long.parseLong(arguments[0]) : 1);
    // one launch for each operation: what is timed is the kernel
    try (CudaBackend device = open(Map.of("fusion", "off"))) {
      System.out.println("Device: " + device.device());
      table.memoryBound(device);
      table.gram(device);
    }
    double peak = ArithmeticCeiling.floatOperationsPerSecond(table.rounds());
    System.out.printf(
        Locale.ROOT, "%nFused multiply-adds of float32 alone: %.2f TFLOP/s%n", peak * 1e-12);
    for (String math : List.of("strict", "tf32", "bf16")) {
      try (CudaBackend device = open(Map.of("math", math))) {
        table.products(device, math, peak);
      }
    }
    try (CudaBackend device = open(Map.of())) {
      table.computations(device);
    }
  }

  private static CudaBackend open(Map<String, String> settings) {
    return (CudaBackend) Backends.open("cuda", new BackendOptions(1, settings));
  }

  private void memoryBound(CudaBackend device) {
    heading("kernel", "ms", "GB/s", "of copies");
    long rows = Math.max(1, 65_536 / scale);
    long columns = 1024;
    double n = (double) rows * columns;
    try (Scope scope = device.newScope()) {
      Ops ops = device.ops(scope);
      Tensor x = ops.normal(RandomKey.of(1), DType.FLOAT32, Shape.of(rows, columns));
      Tensor y = ops.normal(RandomKey.of(2), DType.FLOAT32, Shape.of(rows, columns));
      Tensor m = ops.full(0, DType.FLOAT32, x.shape());
      Tensor v = ops.full(0, DType.FLOAT32, x.shape());
      Tensor out = ops.full(0, DType.FLOAT32, x.shape());
      Tensor row = ops.full(0, DType.FLOAT32, Shape.of(1, columns));
      Tensor column = ops.full(0, DType.FLOAT32, Shape.of(rows, 1));
      Tensor one = ops.full(0, DType.FLOAT32, Shape.of());
      Tensor total = one.reshape(Shape.of(1, 1));
      Stopwatch watch = new Stopwatch(device);
      var k = device.kernels();
      double copies = 2 * FLOAT * n / watch.seconds(() -> k.elementwise().copy(x, out));
      Row print = (name, bytes, work) -> line(name, bytes, watch.seconds(work), copies);
      print.of("copy", 2 * FLOAT * n, () -> k.elementwise().copy(x, out));
      for (UnaryOp op : List.of(UnaryOp.EXP, UnaryOp.TANH, UnaryOp.GELU, UnaryOp.SIGMOID)) {
        print.of(op.name(), 2 * FLOAT * n, () -> k.elementwise().unary(op, x, out));
      }
      print.of("ADD", 3 * FLOAT * n, () -> k.elementwise().binary(BinaryOp.ADD, x, y, out));
      print.of("axpy", 3 * FLOAT * n, () -> k.elementwise().axpy(1e-9, x, out));
      print.of(
          "ADD of a row",
          2 * FLOAT * n,
          () -> k.elementwise().binary(BinaryOp.ADD, x, row.expand(x.shape()), out));
      print.of("sum", FLOAT * n, () -> k.reduction().reduce(ReduceOp.SUM, x, total));
      print.of("sum of rows", FLOAT * n, () -> k.reduction().reduce(ReduceOp.SUM, x, column));
      print.of("sum of columns", FLOAT * n, () -> k.reduction().reduce(ReduceOp.SUM, x, row));
      print.of("dot", 2 * FLOAT * n, () -> k.reduction().dot(x, y, one));
      print.of("softmax", 2 * FLOAT * n, () -> k.normalization().softmax(x, out));
      print.of(
          "softmaxPullback", 3 * FLOAT * n, () -> k.normalization().softmaxPullback(x, y, out));
      print.of("layerNorm", 2 * FLOAT * n, () -> k.normalization().layerNorm(x, 1e-5, out, column));
      print.of("uniform", FLOAT * n, () -> k.random().uniform(RandomKey.of(3), out));
      print.of("normal", FLOAT * n, () -> k.random().normal(RandomKey.of(3), out));
      AdamWStep step = new AdamWStep(1, 1e-3, 0.9, 0.999, 1e-8, 0.01);
      print.of("adamW", 7 * FLOAT * n, () -> k.optimizer().adamW(step, x, out, m, v));
      int[] indices = IntStream.range(0, (int) rows).map(i -> (int) (i * 7919L % rows)).toArray();
      print.of("gatherRows", 2 * FLOAT * n, () -> k.indexing().gatherRows(x, indices, out));
    }
  }

  private interface Row {
    void of(String name, double bytes, Runnable work);
  }

  /** With the two vectors at a time of the iteration for the largest eigenvalue. */
  private void gram(CudaBackend device) {
    try (Scope scope = device.newScope()) {
      Ops ops = device.ops(scope);
      long rows = Math.max(2, 65_536 / scale);
      Tensor z = ops.normal(RandomKey.of(1), DType.FLOAT32, Shape.of(rows, 1024));
      Tensor columns = ops.full(0, DType.FLOAT32, Shape.of(3, 1024));
      ops.fill(1, columns.slice(0, 0, 1));
      Tensor v = ops.normal(RandomKey.of(2), DType.FLOAT64, Shape.of(2, 1024));
      Tensor product = ops.full(0, DType.FLOAT64, Shape.of(2, 1024));
      Tensor out = ops.full(0, DType.FLOAT32, z.shape());
      Tensor weight = ops.full(1, DType.FLOAT32, Shape.of());
      Tensor copy = ops.full(0, DType.FLOAT32, z.shape());
      double bytes = FLOAT * z.elements();
      Stopwatch watch = new Stopwatch(device);
      GramKernels k = device.kernels().gram();
      double copies = 2 * bytes / watch.seconds(() -> device.kernels().elementwise().copy(z, copy));
      line("gram, 2 vectors", bytes, watch.seconds(() -> k.gram(z, columns, v, product)), copies);
      Tensor row = ops.full(0, DType.FLOAT32, Shape.of(1024));
      Tensor moments = ops.full(0, DType.FLOAT64, Shape.of(4, 1024));
      line("column moments", bytes, watch.seconds(() -> k.columnMoments(z, row, moments)), copies);
      Tensor u = ops.normal(RandomKey.of(3), DType.FLOAT64, Shape.of(2, rows));
      Tensor along = ops.full(0, DType.FLOAT64, Shape.of(2, rows));
      line(
          "multiply, 2 vectors",
          bytes,
          watch.seconds(() -> k.multiply(z, columns, v, along)),
          copies);
      line(
          "multiply transposed, 2 vectors",
          bytes,
          watch.seconds(() -> k.multiplyTransposed(z, columns, u, product)),
          copies);
      // what the iteration asks for where there are fewer rows than columns
      Tensor wide = z.reshape(Shape.of(1024, rows));
      Tensor wideColumns = ops.full(1, DType.FLOAT32, Shape.of(3, rows));
      line(
          "row gram, 2 vectors",
          bytes,
          watch.seconds(() -> k.rowGram(wide, wideColumns, v, product)),
          copies);
      Tensor direction = v.select(0, 0);
      line(
          "deflate",
          2 * bytes,
          watch.seconds(() -> k.deflate(z, columns, direction, 0.5, 1, weight, out)),
          copies);
    }
  }

  /** Multiply-adds of each chain: about 10 ms on a large card. */
  private int rounds() {
    return (int) Math.max(16, (1 << 18) / scale);
  }

  private void products(CudaBackend device, String math, double peak) {
    heading("product, " + math, "ms", "TFLOP/s", "of float32 multiply-adds");
    try (Scope scope = device.newScope()) {
      Ops ops = device.ops(scope);
      for (long size : new long[] {1024, 4096, 8192}) {
        long n = Math.max(8, size / scale);
        Tensor a = ops.normal(RandomKey.of(1), DType.FLOAT32, Shape.of(n, n));
        Tensor b = ops.normal(RandomKey.of(2), DType.FLOAT32, Shape.of(n, n));
        Tensor c = ops.full(0, DType.FLOAT32, Shape.of(n, n));
        double s = new Stopwatch(device).seconds(() -> device.kernels().matrix().matmul(a, b, c));
        double rate = 2.0 * n * n * n / s;
        System.out.printf(
            Locale.ROOT,
            "| %d^3 | %.4f | %.2f | %.0f %% |%n",
            n,
            s * 1e3,
            rate * 1e-12,
            100 * rate / peak);
      }
    }
  }

  private void computations(CudaBackend device) {
    heading("computation", "ms", "", "");
    Stopwatch watch = new Stopwatch(device);
    for (long rows : new long[] {4096, 65_536}) {
      collapse(device, watch, Math.max(2, rows / scale), Math.max(2, 1024 / scale));
    }
    long batch = Math.max(1, 256 / scale);
    long hidden = Math.max(1, 256 / scale);
    try (Workload work = new Workload(device, batch, 300, hidden);
        Workload.Curvature curvature = work.curvature()) {
      time(
          "Hessian-vector product, 300-" + hidden + "-" + hidden + "-1, batch " + batch,
          watch.seconds(curvature::multiply));
      time("Neumann recursion, K = 10, the same", watch.seconds(() -> curvature.neumann(10, 0.01)));
      time("training step with AdamW, the same", watch.seconds(work::step));
    }
  }

  private static void collapse(CudaBackend device, Stopwatch watch, long rows, long columns) {
    try (Scope scope = device.newScope()) {
      Tensor z = device.ops(scope).normal(RandomKey.of(4), DType.FLOAT32, Shape.of(rows, columns));
      double s =
          watch.seconds(
              () -> {
                try (Tape tape = new Tape(device)) {
                  Variable leaf = tape.leaf(z);
                  Gradients.of(new StableRank().of(leaf), List.of(leaf));
                }
              });
      time("collapse, value and gradient, " + rows + " x " + columns, s);
    }
  }

  private static void heading(String... columns) {
    System.out.println();
    System.out.println("| " + String.join(" | ", columns) + " |");
    System.out.println("|---|---|---|---|");
  }

  private static void time(String name, double seconds) {
    System.out.printf(Locale.ROOT, "| %s | %.4f | | |%n", name, seconds * 1e3);
  }

  private static void line(String name, double bytes, double seconds, double copies) {
    double rate = bytes / seconds;
    System.out.printf(
        Locale.ROOT,
        "| %s | %.4f | %.0f | %.0f %% |%n",
        name,
        seconds * 1e3,
        rate * 1e-9,
        100 * rate / copies);
  }
}
