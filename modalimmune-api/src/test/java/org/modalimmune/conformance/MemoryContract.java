package org.modalimmune.conformance;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Ops;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.OutOfDeviceMemoryException;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Scopes, devices and the end of memory. */
public abstract class MemoryContract extends Contract {
  private static final int LIMIT_MEBIBYTES = 32;
  private static final long MEBIBYTE_OF_FLOATS = 1L << 18;

  /** For subclasses. */
  protected MemoryContract() {}

  /** Options under which the backend may use no more than so much device memory. */
  protected abstract BackendOptions limited(int mebibytes);

  @Property(tries = 100)
  void whatIsWrittenIsRead(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll("operands") Layout layout,
      @ForAll long seed) {
    try (Trial t = trial(dtype, seed)) {
      Placement p = t.operand(shape, layout, Sampler.ANY);
      double[] expected = p.values();
      double[] read = p.view().toDoubleArray();
      float[] narrow = p.view().toFloatArray();
      double[] copied = new double[expected.length];
      p.view().copyTo(copied);
      for (int k = 0; k < expected.length; k++) {
        int i = k;
        Refusal.require(
            Double.compare(read[i], expected[i]) == 0
                && Double.compare(copied[i], expected[i]) == 0
                && Float.compare(narrow[i], (float) expected[i]) == 0,
            () -> p + " element " + i + ": wrote " + expected[i] + ", read " + read[i]);
      }
    }
  }

  @Example
  void aClosedScopeRefusesEverything() {
    Scope scope = backend().newScope();
    Tensor x = scope.of(Shape.of(2), 1, 2);
    scope.close();
    Refusal.expect(IllegalStateException.class, scope::close);
    Refusal.expect(IllegalStateException.class, () -> scope.zeros(DType.FLOAT32, Shape.of(1)));
    Refusal.expect(IllegalStateException.class, x::toFloatArray);
    Refusal.expect(IllegalStateException.class, () -> x.copyTo(new double[2]));
    Refusal.expect(IllegalArgumentException.class, () -> x.copyTo(new double[3]));
    Refusal.expect(IllegalStateException.class, () -> x.set(3f, 4f));
    Refusal.expect(IllegalStateException.class, () -> x.transpose(0, 0));
    try (Scope other = backend().newScope()) {
      Ops ops = backend().ops(other);
      Tensor y = other.of(Shape.of(2), 5, 6);
      Refusal.expect(IllegalStateException.class, () -> ops.unary(UnaryOp.EXP, x));
      Refusal.expect(IllegalStateException.class, () -> ops.binary(BinaryOp.ADD, y, x));
      Refusal.expect(IllegalStateException.class, () -> ops.copyTo(y, x));
      Refusal.expect(IllegalStateException.class, () -> ops.axpy(1, x, y));
      requireEqual(y, 5, 6);
    }
    Refusal.expect(
        IllegalStateException.class, () -> backend().ops(scope).full(1, DType.FLOAT32, Shape.of()));
  }

  @Example
  void releasedTensorsAreRefusedAndTheOthersStay() {
    try (Scope scope = backend().newScope()) {
      Tensor x = scope.of(Shape.of(2), 1, 2);
      Tensor y = scope.of(Shape.of(2), 3, 4);
      Tensor z = scope.of(Shape.of(2), 5, 6);
      scope.release(x.slice(0, 0, 1));
      Refusal.expect(IllegalStateException.class, x::toFloatArray);
      Refusal.expect(IllegalArgumentException.class, () -> scope.release(x));
      scope.releaseAllBut(List.of(y.slice(0, 1, 2)));
      Refusal.expect(IllegalStateException.class, z::toFloatArray);
      requireEqual(y, 3, 4);
      Refusal.require(scope.size() == 1, "scope: holds " + scope.size() + " instead of 1");
      try (Scope other = backend().newScope()) {
        Refusal.expect(IllegalArgumentException.class, () -> other.release(y));
      }
    }
  }

  @Example
  void anotherDevicesTensorIsRefused() {
    try (Backend other = open(options());
        Scope away = other.newScope();
        Scope home = backend().newScope()) {
      Tensor x = away.of(Shape.of(2), 1, 2);
      Tensor y = home.of(Shape.of(2), 3, 4);
      Ops ops = backend().ops(home);
      Refusal.expect(IllegalArgumentException.class, () -> ops.binary(BinaryOp.ADD, y, x));
      Refusal.expect(IllegalArgumentException.class, () -> ops.axpy(1, x, y));
      Refusal.expect(IllegalArgumentException.class, () -> ops.copyTo(y, x));
      Refusal.expect(IllegalArgumentException.class, () -> ops.concat(0, List.of(y, x)));
      Refusal.expect(IllegalArgumentException.class, () -> new Ops(backend(), away));
      requireEqual(x, 1, 2);
      requireEqual(y, 3, 4);
    }
  }

  @Example
  void resultsOutliveTheOperandsScope() {
    try (Scope longer = backend().newScope()) {
      Tensor sum;
      try (Scope shorter = backend().newScope()) {
        Tensor x = shorter.of(Shape.of(2), 1, 2);
        sum = backend().ops(longer).binary(BinaryOp.ADD, x, x);
      }
      requireEqual(sum, 2, 4);
    }
  }

  @Example
  void overlapIsRefusedBeforeAnythingIsWritten() {
    try (Scope scope = backend().newScope()) {
      Ops ops = backend().ops(scope);
      Tensor x = scope.of(Shape.of(3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
      Tensor head = x.slice(0, 0, 2);
      Tensor tail = x.slice(0, 1, 3);
      Refusal.expect(IllegalArgumentException.class, () -> ops.axpy(1, head, tail));
      Refusal.expect(IllegalArgumentException.class, () -> ops.copyTo(tail, head));
      Refusal.expect(IllegalArgumentException.class, () -> ops.copyTo(x.transpose(0, 1), x));
      Refusal.expect(IllegalArgumentException.class, () -> ops.axpy(1, x.select(0, 1), tail));
      Refusal.expect(
          IllegalArgumentException.class,
          () -> ops.momentum(0.1, 0.9, 0, false, head, tail, scope.zeros(x.dtype(), head.shape())));
      Tensor once = scope.of(Shape.of(1), 1);
      Refusal.expect(IllegalArgumentException.class, () -> ops.fill(3, once.expand(Shape.of(4))));
      requireEqual(x, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      requireEqual(once, 1);
      ops.axpy(1, x, x);
      requireEqual(x, 2, 4, 6, 8, 10, 12, 14, 16, 18);
    }
  }

  @Example
  void closingGivesMemoryBack() {
    try (Backend limited = open(limited(LIMIT_MEBIBYTES))) {
      for (int i = 0; i < 12; i++) {
        try (Scope scope = limited.newScope()) {
          Tensor x = limited.ops(scope).full(i, DType.FLOAT32, Shape.of(4 * MEBIBYTE_OF_FLOATS));
          limited.ops(scope).unary(UnaryOp.NEGATE, x);
        }
      }
    }
  }

  @Example
  void theEndOfMemoryLeavesEverythingUsable() {
    try (Backend limited = open(limited(LIMIT_MEBIBYTES));
        Scope scope = limited.newScope()) {
      Tensor x = limited.ops(scope).full(7, DType.FLOAT32, Shape.of(4 * MEBIBYTE_OF_FLOATS));
      for (long mebibytes : new long[] {64, 1L << 30}) {
        Refusal.expect(
            OutOfDeviceMemoryException.class,
            () -> scope.allocate(DType.FLOAT32, Shape.of(mebibytes * MEBIBYTE_OF_FLOATS)));
      }
      float[] kept = x.toFloatArray();
      Refusal.require(
          kept[0] == 7 && kept[kept.length - 1] == 7, "a failed allocation hurt another tensor");
      requireEqual(limited.ops(scope).sum(x.slice(0, 0, 10)), 70);
    }
  }

  @Example
  void aClosedBackendGivesNoMemory() {
    Backend closed = open(options());
    Scope scope = closed.newScope();
    closed.close();
    Refusal.expect(IllegalStateException.class, () -> scope.allocate(DType.FLOAT32, Shape.of(1)));
  }

  private static void requireEqual(Tensor t, double... expected) {
    double[] actual = t.toDoubleArray();
    Refusal.require(
        Arrays.equals(actual, expected),
        t + " is " + Arrays.toString(actual) + ", not " + Arrays.toString(expected));
  }
}
