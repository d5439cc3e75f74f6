package org.modalimmune.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.cpu.memory.HostAllocator;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** What stands for a tensor, what a frame forgets, and what is refused. */
class TapeTest {
  @Test
  void oneTensorIsOneLeaf() {
    try (Fixture f = new Fixture(1)) {
      Variable w = f.leaf(3);
      assertSame(w, f.tape.leaf(w.tensor()));
      assertTrue(w.isLeaf());
      assertFalse(Elementwise.square(w).isLeaf());
      assertFalse(w.detach().isTracked());
    }
  }

  @Test
  void closingAFrameBringsBackWhatStoodForATensor() {
    try (Fixture f = new Fixture(2)) {
      Variable w = f.leaf(3);
      Variable loss = Reduction.sum(Elementwise.square(w));
      try (var _ = f.tape.frame()) {
        f.tape.bind(w.tensor(), Elementwise.scale(w, 2));
        f.tape.bind(w.tensor(), f.constant(3));
        assertNotSame(w, f.tape.leaf(w.tensor()));
      }
      assertSame(w, f.tape.leaf(w.tensor()));
      Variable g = Gradients.of(loss, List.of(f.tape.leaf(w.tensor()))).getFirst();
      Fixture.requireClose(Elementwise.scale(w, 2), g, 0x1p-53 * 2 * 1.5);
    }
  }

  @Test
  void aConstantBoundInAFrameIsForgottenWithIt() {
    try (Fixture f = new Fixture(3)) {
      Tensor w = f.constant(3).tensor();
      try (Scope scope = f.backend.newScope()) {
        Tensor own = scope.zeros(DType.FLOAT64, Shape.of(3));
        try (var _ = f.tape.frame()) {
          f.tape.bind(own, f.tape.constant(f.tape.ops().copy(w)));
        }
        assertTrue(f.tape.leaf(own).isLeaf());
      }
    }
  }

  @Test
  void aVariableOfAClosedFrameIsRefusedThoughItsPositionIsUsedAgain() {
    try (Fixture f = new Fixture(4)) {
      Variable w = f.leaf(3);
      Tensor outer = f.constant(3).tensor();
      Variable gone;
      Variable goneLeaf;
      try (Scope scope = f.backend.newScope()) {
        Tensor other = scope.zeros(DType.FLOAT64, Shape.of(3));
        try (var _ = f.tape.frame()) {
          goneLeaf = f.tape.leaf(other);
          gone = Elementwise.square(w);
        }
        Variable next = Elementwise.square(Elementwise.square(w));
        Variable loss = Reduction.sum(next);
        assertThrows(IllegalStateException.class, () -> Gradients.of(loss, List.of(gone)));
        assertThrows(IllegalStateException.class, () -> Gradients.of(loss, List.of(goneLeaf)));
        assertThrows(
            IllegalStateException.class, () -> Gradients.vjp(gone, w.detach(), List.of(w)));
        assertThrows(IllegalStateException.class, () -> Elementwise.square(goneLeaf));
        assertThrows(IllegalStateException.class, () -> f.tape.bind(outer, goneLeaf));
      }
    }
  }

  @Test
  void framesCloseInnermostFirstAndOnce() {
    try (Fixture f = new Fixture(5)) {
      Tape.Frame outer = f.tape.frame();
      Tape.Frame inner = f.tape.frame();
      assertThrows(IllegalStateException.class, outer::close);
      inner.close();
      assertThrows(IllegalStateException.class, inner::close);
      outer.close();
    }
  }

  @Test
  void aClosedTapeIsRefused() {
    try (Fixture f = new Fixture(6)) {
      Tape tape = new Tape(f.backend);
      Tensor t = f.constant(2).tensor();
      Variable x = tape.leaf(t);
      Variable y = Reduction.sum(x);
      tape.close();
      assertThrows(IllegalStateException.class, tape::close);
      assertThrows(IllegalStateException.class, () -> Elementwise.square(x));
      assertThrows(IllegalStateException.class, () -> tape.leaf(t));
      assertThrows(IllegalStateException.class, () -> Gradients.of(y, List.of(x)));
    }
  }

  @Test
  void tapesAreNotMixed() {
    try (Fixture f = new Fixture(7);
        Tape other = new Tape(f.backend)) {
      Variable x = f.leaf(2);
      Variable y = Elementwise.square(x);
      Variable foreign = other.leaf(x.tensor());
      Variable u = other.constant(x.tensor());
      assertThrows(IllegalArgumentException.class, () -> Elementwise.add(x, foreign));
      assertThrows(IllegalArgumentException.class, () -> Elementwise.add(foreign, x));
      assertThrows(
          IllegalArgumentException.class, () -> Gradients.vjp(y, x.detach(), List.of(foreign)));
      assertThrows(IllegalArgumentException.class, () -> Gradients.vjp(y, u, List.of(x)));
      assertThrows(IllegalArgumentException.class, () -> Gradients.jvp(y, List.of(x), List.of(u)));
      Variable own = f.tape.record(f.tape.ops().copy(x.tensor()), p -> p.add(0, u), x);
      assertThrows(
          IllegalArgumentException.class, () -> Gradients.vjp(own, x.detach(), List.of(x)));
    }
  }

  @Test
  void recordingGoesOnAfterARuleThrows() {
    try (Fixture f = new Fixture(8)) {
      Variable x = f.leaf(2);
      Variable bad =
          f.tape.record(
              f.tape.ops().copy(x.tensor()),
              p -> {
                throw new ArithmeticException("a rule's own failure");
              },
              x);
      assertThrows(ArithmeticException.class, () -> Gradients.vjp(bad, x.detach(), List.of(x)));
      assertTrue(Elementwise.square(x).isTracked());
    }
  }

  @Test
  void aRulesCotangentMustFitItsOperand() {
    try (Fixture f = new Fixture(9)) {
      Variable x = f.leaf(2);
      Variable wide =
          f.tape.record(f.tape.ops().copy(x.tensor()), p -> p.add(0, f.constant(1, 2)), x);
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> Gradients.vjp(wide, x.detach(), List.of(x)));
      assertTrue(e.getMessage().contains("[1, 2]"), e.getMessage());
    }
  }

  @Test
  void noCotangentIsWrittenOver() {
    // one cotangent tensor is shared by several operands, some of which get further contributions
    try (Fixture f = new Fixture(10)) {
      Variable a = f.leaf(3);
      Variable b = f.leaf(3);
      Variable u = f.constant(3);
      double[] before = u.tensor().toDoubleArray();
      Variable s = Elementwise.add(a, b);
      Variable y =
          Elementwise.add(Elementwise.add(s, a), Elementwise.add(a, Elementwise.add(s, a)));
      List<Variable> g = Gradients.vjp(y, u, List.of(a, b));
      Fixture.requireClose(Elementwise.scale(u, 5), g.get(0), 8 * 0x1p-53 * 5 * 1.5);
      Fixture.requireClose(Elementwise.scale(u, 2), g.get(1), 8 * 0x1p-53 * 2 * 1.5);
      assertArrayEquals(before, u.tensor().toDoubleArray());
      assertEquals(u.shape(), g.get(0).shape());
    }
  }

  @Test
  void aWalkLeavesNothingBehindButItsResults() {
    try (Fixture f = new Fixture(11)) {
      Variable x = f.leaf(8, 8);
      Variable w = f.leaf(8, 8);
      Variable h = x;
      for (int i = 0; i < 20; i++) {
        h = Elementwise.add(Elementwise.exp(Elementwise.scale(Matrix.matmul(h, w), 0.01)), x);
      }
      Variable u = f.constant(8, 8);
      HostAllocator memory = (HostAllocator) f.backend.allocator();
      for (int i = 0; i < 3; i++) {
        long before = memory.statistics().storagesInUse();
        Gradients.vjp(h, u, List.of(x, w));
        assertEquals(before + 2, memory.statistics().storagesInUse());
      }
      try (var _ = f.tape.frame()) {
        Gradients.vjp(h, u, List.of(x, w));
      }
      Variable inner = Reduction.sum(h);
      long before = memory.statistics().storagesInUse();
      try (var _ = f.tape.frame()) {
        Gradients.hvp(inner, List.of(x, w), List.of(u, u));
      }
      assertEquals(before, memory.statistics().storagesInUse());
    }
  }

  @Test
  void aRuleMayReadWhatItHandedOver() {
    // 3 a + 3 a + 12 b, whose rule uses the cotangent of a once more after a second one was added
    try (Fixture f = new Fixture(12)) {
      Variable a = f.leaf(3);
      Variable b = f.leaf(3);
      Variable square = Elementwise.square(a);
      Rule rule =
          p -> {
            Variable three = Elementwise.scale(p.cotangent(), 3);
            p.add(0, three);
            p.add(1, three);
            p.add(2, Elementwise.scale(three, 4));
          };
      Variable value =
          Elementwise.add(Elementwise.scale(square, 6), Elementwise.scale(b, 12)).detach();
      Variable y = f.tape.record(value.tensor(), rule, square, square, b);
      Variable u = f.constant(3);
      List<Variable> g = Gradients.vjp(Elementwise.add(y, b), u, List.of(a, b));
      Variable inA = Elementwise.multiply(Elementwise.scale(u, 12), a);
      Fixture.requireClose(inA, g.get(0), 16 * 0x1p-53 * 12 * 1.5 * 1.5);
      Fixture.requireClose(Elementwise.scale(u, 13), g.get(1), 16 * 0x1p-53 * 13 * 1.5);
    }
  }
}
