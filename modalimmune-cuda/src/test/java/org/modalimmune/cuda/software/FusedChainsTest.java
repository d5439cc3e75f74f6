package org.modalimmune.cuda.software;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Chains of element-wise operations that run as one kernel: same bits, fewer launches. */
@AddLifecycleHook(NeedsSoftwareDevice.class)
class FusedChainsTest {
  // the first time a shape of chain runs as separate kernels
  private static final int ROUNDS = 3;

  private final SoftwareDevice device = SoftwareDevice.require();

  /** Operations drawn at random, in place, on views, on results whose scope is closed by then. */
  @Property(tries = 4)
  void anyProgramGivesTheBitsOfSeparateKernels(@ForAll DType dtype, @ForAll long seed) {
    List<double[]> separate = run("off", dtype, seed);
    List<double[]> fused = run("on", dtype, seed);
    for (int i = 0; i < separate.size(); i++) {
      assertArrayEquals(separate.get(i), fused.get(i), "result " + i + ", seed " + seed);
    }
  }

  @Example
  void aRepeatedChainIsCompiledOnceAndLaunchedOnce() {
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      Tensor x = scope.of(DType.FLOAT64, Shape.of(5), 1, 2, 3, 4, 5);
      chain(backend, x);
      chain(backend, x);
      device.reset();
      for (int i = 0; i < 3; i++) {
        assertEquals(Math.tanh(2 * 4.0 + 1) * 4, chain(backend, x)[3], 1e-14);
      }
      assertEquals(3, device.calls("cuLaunchKernel"));
      assertEquals(0, device.calls("nvrtcCompileProgram"));
    }
  }

  @Example
  void aRowAndAColumnAreReadByTheChainThatUsesThem() {
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      Tensor x = scope.of(DType.FLOAT32, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
      Tensor row = scope.of(DType.FLOAT32, Shape.of(3), 10, 20, 30);
      Tensor column = scope.of(DType.FLOAT32, Shape.of(2, 1), 1, -1);
      for (int i = 0; i < 3; i++) {
        device.reset();
        try (Scope inner = backend.newScope()) {
          Ops ops = backend.ops(inner);
          Tensor sum = ops.binary(BinaryOp.ADD, x, row);
          Tensor product = ops.binary(BinaryOp.MULTIPLY, sum, column);
          double[] expected = {11, 22, 33, -14, -25, -36};
          assertArrayEquals(expected, product.toDoubleArray());
        }
        assertEquals(i == 0 ? 2 : 1, device.calls("cuLaunchKernel"));
      }
    }
  }

  /** To the element: what ends where the output begins is read by the same kernel. */
  @Example
  void aRowOrAColumnThatMeetsAnOutputIsReadAfterIt() {
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      for (int i = 0; i < 3; i++) {
        Shape row = Shape.of(3);
        Shape column = Shape.of(2, 1);
        int once = i == 0 ? 2 : 1;
        requireSum(backend, scope, 1, row, once, -3, -3, -3, -6, -6, -6);
        requireSum(backend, scope, 2, row, 2, -2, -2, -10, -5, -5, -13);
        requireSum(backend, scope, 2, column, once, -2, -3, -4, -4, -5, -6);
        requireSum(backend, scope, 3, column, 2, -1, -2, -3, -11, -12, -13);
      }
    }
  }

  /** The numbers 0 to 9, from 4 on negated as [2, 3], plus some of them from one on. */
  private void requireSum(
      Backend backend, Scope scope, int from, Shape few, int launches, double... expected) {
    Tensor base = scope.of(DType.FLOAT32, Shape.of(10), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Tensor matrix = base.slice(0, 4, 10).reshape(Shape.of(2, 3));
    Tensor stretched = base.slice(0, from, from + few.elements()).reshape(few);
    device.reset();
    backend.kernels().elementwise().unary(UnaryOp.NEGATE, matrix, matrix);
    Tensor sum = backend.ops(scope).binary(BinaryOp.ADD, matrix, stretched);
    assertArrayEquals(expected, sum.toDoubleArray());
    assertEquals(launches, device.calls("cuLaunchKernel"));
  }

  @Example
  void operandsOfTwoPeriodsAreNotOfOneOperation() {
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Shape shape = Shape.of(2, 2, 2);
      Tensor matrix = scope.of(DType.FLOAT64, Shape.of(2, 2), 1, 2, 3, 4).expand(shape);
      Tensor column = scope.of(DType.FLOAT64, Shape.of(2, 2, 1), 10, 20, 30, 40).expand(shape);
      double[] expected = {11, 12, 23, 24, 31, 32, 43, 44};
      for (int i = 0; i < 3; i++) {
        // in a chain of two, since one alone is never fused
        Tensor x = ops.affine(ops.binary(BinaryOp.ADD, matrix, column), 1, 0);
        assertArrayEquals(expected, x.toDoubleArray());
        Tensor y = ops.affine(ops.binary(BinaryOp.ADD, column, matrix), 1, 0);
        assertArrayEquals(expected, y.toDoubleArray());
      }
    }
  }

  @Example
  void oneMemoryIsReadInTwoPeriodsByTwoOperations() {
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Tensor x = ops.full(1, DType.FLOAT64, Shape.of(2, 3));
      Tensor few = scope.of(DType.FLOAT64, Shape.of(3), 10, 20, 30);
      for (int i = 0; i < 3; i++) {
        Tensor sum = ops.binary(BinaryOp.ADD, x, few).reshape(Shape.of(3, 2));
        Tensor product = ops.binary(BinaryOp.MULTIPLY, sum, few.slice(0, 0, 2));
        double[] expected = {110, 420, 310, 220, 210, 620};
        assertArrayEquals(expected, product.toDoubleArray());
      }
    }
  }

  @Example
  void aResultReleasedBeforeTheChainRanIsNotWritten() {
    try (Backend backend = SoftwareDevice.open("panama");
        Scope scope = backend.newScope()) {
      Tensor x = scope.of(DType.FLOAT32, Shape.of(3), 1, 2, 3);
      device.reset();
      try (Scope inner = backend.newScope()) {
        Ops ops = backend.ops(inner);
        ops.unary(UnaryOp.EXP, ops.affine(x, 2, 0));
      }
      assertArrayEquals(new double[] {1, 2, 3}, x.toDoubleArray());
      assertEquals(0, device.calls("cuLaunchKernel"));
    }
  }

  private static double[] chain(Backend backend, Tensor x) {
    try (Scope scope = backend.newScope()) {
      Ops ops = backend.ops(scope);
      Tensor y = ops.unary(UnaryOp.TANH, ops.affine(x, 2, 1));
      return ops.binary(BinaryOp.MULTIPLY, y, x).toDoubleArray();
    }
  }

  private static List<double[]> run(String fusion, DType dtype, long seed) {
    List<double[]> results = new ArrayList<>();
    try (Backend backend = SoftwareDevice.open("panama", "fusion", fusion)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (Scope scope = backend.newScope()) {
          Program program = new Program(backend, scope, dtype, new SplittableRandom(seed));
          for (int step = 0; step < 14; step++) {
            program.step();
          }
          program.values.forEach(t -> results.add(t.toDoubleArray()));
        }
      }
    }
    assertTrue(results.size() > ROUNDS);
    return results;
  }

  /**
   * Steps on matrices of one shape and on rows, columns and an element that are stretched to it,
   * taken from one storage or from storages of their own.
   */
  private static final class Program {
    private final Backend backend;
    private final Scope scope;
    private final Ops ops;
    private final SplittableRandom random;
    private final List<Tensor> values = new ArrayList<>();
    private final List<Tensor> stretched = new ArrayList<>();

    Program(Backend backend, Scope scope, DType dtype, SplittableRandom random) {
      this.backend = backend;
      this.scope = scope;
      this.ops = backend.ops(scope);
      this.random = random;
      long rows = 1 + random.nextLong(7);
      long columns = 1 + random.nextLong(9);
      long length = rows * columns;
      Shape shape = Shape.of(rows, columns);
      double[] elements = random.doubles(2 * length + 3, -2, 2).toArray();
      Tensor base = scope.of(dtype, Shape.of(2 * length + 3), elements);
      values.add(base.slice(0, 0, length).reshape(shape));
      // meets the first one unless the length is small
      long second = Math.min(length, 2);
      values.add(base.slice(0, second, second + length).reshape(shape));
      values.add(base.slice(0, length + 3, 2 * length + 3).reshape(shape));
      stretched.add(scope.of(dtype, Shape.of(1), 0.75).expand(shape));
      double[] others = random.doubles(rows + columns, -2, 2).toArray();
      Tensor apart = scope.of(dtype, Shape.of(rows + columns), others);
      for (Tensor from : List.of(apart, base)) {
        stretched.add(from.slice(0, 0, columns).expand(shape));
        stretched.add(from.slice(0, 0, rows).reshape(Shape.of(rows, 1)).expand(shape));
      }
    }

    void step() {
      int kind = random.nextInt(9);
      Tensor a = any();
      Tensor few = stretched.get(random.nextInt(stretched.size()));
      Tensor b = random.nextInt(3) == 0 ? few : any();
      switch (kind) {
        case 0 -> values.add(ops.unary(unary(), a));
        case 1 -> values.add(ops.binary(binary(), a, b));
        case 2 -> backend.kernels().elementwise().unary(unary(), a, a);
        case 3 -> backend.kernels().elementwise().binary(binary(), a, apart(), a);
        case 4 -> values.add(ops.select(few, a, b));
        case 5 -> values.add(ops.affine(ops.clamp(a, -1, 1.5), random.nextDouble(), 0.25));
        case 6 -> ops.fill(random.nextDouble(), a);
        case 7 -> values.add(throughAClosedScope(a, b));
        default -> values.add(ops.copy(a));
      }
    }

    private Tensor throughAClosedScope(Tensor a, Tensor b) {
      Tensor out = scope.allocate(a.dtype(), a.shape());
      try (Scope inner = backend.newScope()) {
        Ops inside = backend.ops(inner);
        Tensor t = inside.unary(unary(), inside.binary(BinaryOp.ADD, a, b));
        backend.kernels().elementwise().binary(BinaryOp.MAXIMUM, t, a, out);
      }
      return out;
    }

    /** A stretched operand that no output meets. */
    private Tensor apart() {
      return stretched.get(random.nextInt(3));
    }

    private Tensor any() {
      return values.get(random.nextInt(values.size()));
    }

    private <T> T pick(T[] choices) {
      return choices[random.nextInt(choices.length)];
    }

    private UnaryOp unary() {
      return pick(UnaryOp.values());
    }

    private BinaryOp binary() {
      return pick(BinaryOp.values());
    }
  }
}
