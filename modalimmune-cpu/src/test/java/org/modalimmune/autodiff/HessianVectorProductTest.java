package org.modalimmune.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.cpu.memory.MemoryStatistics;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Repeated products: right, on a flat footprint, and careful with what they write to. */
class HessianVectorProductTest {
  private static Variable loss(Fixture f, Variable w) {
    return Reduction.sum(Elementwise.square(Elementwise.tanh(Matrix.matmul(f.constant(4, 3), w))));
  }

  @Test
  void agreesWithASingleProductEachTime() {
    try (Fixture f = new Fixture(1)) {
      Variable w = f.leaf(3, 2);
      Variable loss = loss(f, w);
      HessianVectorProduct h = new HessianVectorProduct(loss, List.of(w));
      Tensor result = f.tape.ops().full(0, DType.FLOAT64, Shape.of(3, 2));
      for (int i = 0; i < 3; i++) {
        Variable v = f.constant(3, 2);
        h.apply(List.of(v.tensor()), List.of(result));
        Variable expected = Gradients.hvp(loss, List.of(w), List.of(v)).getFirst();
        assertArrayEquals(expected.tensor().toDoubleArray(), result.toDoubleArray());
      }
      Variable gradient = Gradients.of(loss, List.of(w)).getFirst();
      assertArrayEquals(
          gradient.tensor().toDoubleArray(), h.gradient().getFirst().tensor().toDoubleArray());
    }
  }

  @Test
  void tenThousandProductsHoldNoMoreMemoryThanOne() {
    try (Fixture f = new Fixture(2)) {
      Variable w = f.leaf(3, 2);
      HessianVectorProduct h = new HessianVectorProduct(loss(f, w), List.of(w));
      // the product's own result is the next vector, so that aliasing is met as well
      Tensor v = f.tape.ops().full(1, DType.FLOAT64, Shape.of(3, 2));
      h.apply(List.of(v), List.of(v));
      HostAllocator allocator = (HostAllocator) f.backend.allocator();
      MemoryStatistics before = allocator.statistics();
      int owned = f.tape.scope().size();
      for (int i = 0; i < 10_000; i++) {
        v.set(new double[] {1, i, 1, 0, -1, 1});
        h.apply(List.of(v), List.of(v));
      }
      assertEquals(before, allocator.statistics());
      assertEquals(owned, f.tape.scope().size());
    }
  }

  @Test
  void walksOfBothKindsInTurnHoldNoMoreMemoryThanOneOfEach() {
    try (Fixture f = new Fixture(4)) {
      Variable w = f.leaf(3, 2);
      Variable loss = loss(f, w);
      Variable v = f.constant(3, 2);
      double[] expected = null;
      int owned = 0;
      for (int i = 0; i < 20; i++) {
        try (Tape.Frame _ = f.tape.frame()) {
          Gradients.of(loss, List.of(w));
          double[] product =
              Gradients.hvp(loss, List.of(w), List.of(v)).getFirst().tensor().toDoubleArray();
          expected = expected == null ? product : expected;
          assertArrayEquals(expected, product);
        }
        owned = i == 0 ? f.tape.scope().size() : owned;
        assertEquals(owned, f.tape.scope().size());
      }
    }
  }

  @Test
  void aGradientThatIsNotLookedAtIsStillThereWhenItIs() {
    try (Fixture f = new Fixture(5)) {
      Variable w = f.leaf(3, 2);
      Variable loss = loss(f, w);
      double[] expected = Gradients.of(loss, List.of(w)).getFirst().tensor().toDoubleArray();
      int owned = f.tape.scope().size();
      Variable later =
          Gradients.deferred(f.tape, () -> Gradients.differentiable(loss, List.of(w))).getFirst();
      try (Tape.Frame _ = f.tape.frame()) {
        assertArrayEquals(expected, later.tensor().toDoubleArray());
      }
      // computed in a frame, it outlives it
      assertArrayEquals(expected, later.tensor().toDoubleArray());
      assertEquals(Shape.of(3, 2), later.shape());
      assertTrue(f.tape.scope().size() > owned);
    }
  }

  @Test
  void refusesResultsOfAnotherShapeBeforeWriting() {
    try (Fixture f = new Fixture(3)) {
      Variable a = f.leaf(3, 2);
      Variable b = f.leaf();
      Variable loss = Elementwise.multiply(loss(f, a), Elementwise.square(b));
      HessianVectorProduct h = new HessianVectorProduct(loss, List.of(a, b));
      List<Tensor> v = f.like(List.of(a, b)).stream().map(Variable::tensor).toList();
      Tensor first = f.tape.ops().full(7, DType.FLOAT64, Shape.of(3, 2));
      // a scalar product could be stretched over this one
      Tensor second = f.tape.ops().full(7, DType.FLOAT64, Shape.of(5));
      assertThrows(IllegalArgumentException.class, () -> h.apply(v, List.of(first, second)));
      assertThrows(IllegalArgumentException.class, () -> h.apply(v, List.of(first)));
      assertArrayEquals(new double[] {7, 7, 7, 7, 7, 7}, first.toDoubleArray());
    }
  }
}
