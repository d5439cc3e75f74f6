package org.modalimmune.autodiff;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.cpu.ReferenceProvider;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * A checker is worth what it refuses: right rules pass, rules with one mistake do not. The seeds
 * are the same at every run, since a check is itself a draw: a rare direction misses a mistake or a
 * kink, a rare point lies where a right rule bends too fast.
 */
class GradientCheckTest {
  private static Backend backend;

  @BeforeContainer
  static void open() {
    backend = new ReferenceProvider().open(BackendOptions.ofThreads(1));
  }

  @AfterContainer
  static void close() {
    backend.close();
  }

  /** x^3 with a rule of one's own, right to every order. */
  private static Variable cube(Variable x) {
    return x.tape()
        .record(
            cubed(x),
            p ->
                p.add(
                    0,
                    Elementwise.multiply(
                        p.cotangent(), Elementwise.scale(Elementwise.square(p.input(0)), 3))),
            x);
  }

  private static Tensor cubed(Variable x) {
    var ops = x.tape().ops();
    return ops.binary(BinaryOp.MULTIPLY, x.tensor(), ops.unary(UnaryOp.SQUARE, x.tensor()));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void acceptsRightRules(@ForAll @IntRange(max = 9) int seed, @ForAll DType dtype) {
    check(seed, dtype, in -> cube(in.getFirst()));
    check(seed, dtype, in -> Elementwise.unary(UnaryOp.GELU, in.getFirst()));
    check(seed, dtype, in -> Normalization.layerNorm(in.getFirst(), 1e-3));
    check(seed, dtype, in -> Normalization.logSoftmax(in.getFirst()));
    check(seed, dtype, in -> Matrix.matmul(in.get(0), Matrix.transpose(in.get(1))));
    check(seed, dtype, in -> Elementwise.divide(in.get(0), Elementwise.exp(in.get(1))));
    check(seed, dtype, in -> in.getFirst());
    check(seed, dtype, in -> Elementwise.cast(in.getFirst(), DType.FLOAT32));
    check(seed, dtype, in -> Elementwise.cast(in.getFirst(), DType.FLOAT64));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void refusesAFactorThatIsSlightlyWrong(@ForAll @IntRange(max = 9) int seed, @ForAll DType dtype) {
    double wrong = dtype == DType.FLOAT64 ? 1 + 1e-5 : 1.01;
    Function<List<Variable>, Variable> f =
        in ->
            in.getFirst()
                .tape()
                .record(
                    in.getFirst().tape().ops().unary(UnaryOp.TANH, in.getFirst().tensor()),
                    p ->
                        p.add(
                            0,
                            Elementwise.scale(
                                Elementwise.multiply(
                                    p.cotangent(),
                                    Elementwise.affine(Elementwise.square(p.output()), -1, 1)),
                                wrong)),
                    in.getFirst());
    try (Scope scope = backend.newScope()) {
      List<Tensor> x = inputs(scope, seed, dtype);
      // one direction misses it where its terms happen to cancel to about one part in a thousand
      List<AssertionError> refusals = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        GradientCheck check = new GradientCheck(backend, RandomKey.of(seed).fold(i));
        try {
          check.checkFirstOrder("tanh", f, x);
        } catch (AssertionError e) {
          refusals.add(e);
        }
      }
      assertFalse(refusals.isEmpty());
      String message = String.valueOf(refusals.getFirst().getMessage());
      assertTrue(message.contains("tanh, order 1, vjp, RandomKey[seed="), message);
      assertTrue(message.contains("bound"), message);
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void refusesARuleThatForgetsItsSecondOrder(
      @ForAll @IntRange(max = 9) int seed, @ForAll DType dtype) {
    // first order right, but the point is frozen, so the second derivative is lost
    Function<List<Variable>, Variable> f =
        in ->
            in.getFirst()
                .tape()
                .record(
                    cubed(in.getFirst()),
                    p ->
                        p.add(
                            0,
                            Elementwise.multiply(
                                p.cotangent(),
                                Elementwise.scale(Elementwise.square(p.input(0).detach()), 3))),
                    in.getFirst());
    try (Scope scope = backend.newScope()) {
      List<Tensor> x = inputs(scope, seed, dtype);
      GradientCheck check = new GradientCheck(backend, RandomKey.of(seed));
      check.checkFirstOrder("frozen", f, x);
      AssertionError e =
          assertThrows(AssertionError.class, () -> check.checkSecondOrder("frozen", f, x));
      assertTrue(e.getMessage().contains("frozen, order 2, vjp"), e.getMessage());
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void saysThatAPointIsTooCloseToAKink(@ForAll @IntRange(max = 4) int seed) {
    try (Scope scope = backend.newScope()) {
      Tensor x = scope.of(DType.FLOAT64, Shape.of(3), 1, 1e-7, -1);
      AssertionError e =
          assertThrows(
              AssertionError.class,
              () ->
                  new GradientCheck(backend, RandomKey.of(seed))
                      .check("relu", in -> Elementwise.relu(in.getFirst()), List.of(x)));
      assertTrue(e.getMessage().contains("not smooth enough"), e.getMessage());
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void refusesNonFiniteDerivatives(@ForAll @IntRange(max = 4) int seed) {
    try (Scope scope = backend.newScope()) {
      Tensor x = scope.of(DType.FLOAT64, Shape.of(2), 1, Double.NaN);
      assertThrows(
          AssertionError.class,
          () ->
              new GradientCheck(backend, RandomKey.of(seed))
                  .check("tanh", in -> Elementwise.tanh(in.getFirst()), List.of(x)));
    }
  }

  private static void check(long seed, DType dtype, Function<List<Variable>, Variable> f) {
    try (Scope scope = backend.newScope()) {
      new GradientCheck(backend, RandomKey.of(seed)).check("f", f, inputs(scope, seed, dtype));
    }
  }

  private static List<Tensor> inputs(Scope scope, long seed, DType dtype) {
    RandomStream random = new RandomStream(RandomKey.of(seed).fold("inputs"));
    Shape shape = Shape.of(3, 5);
    return List.of(
        HostArray.draw(random, dtype, shape, 2).on(scope),
        HostArray.draw(random, dtype, shape, 2).on(scope));
  }
}
