package org.modalimmune.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.modalimmune.backend.Backend;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Compares the derivatives of a function with directional differences. For a function f of some
 * inputs x, a drawn cotangent u and a drawn direction t, three numbers must agree:
 *
 * <pre>
 *   (vjp(f, x, u), t)     (u, jvp(f, x, t))     (u, f(x + h t) - f(x - h t)) / 2h
 * </pre>
 *
 * <p>The derivatives are computed in the type of the inputs, the difference always in float64 at
 * the same point. The second order is the same comparison for x, u to vjp(f, x, u), so that a rule
 * must itself be differentiable with respect to its inputs and its cotangent.
 *
 * <p>The tolerance is relative to sum |u f| + sum |vjp t| and fixed per type; {@code
 * spec/autodiff.md} derives it. Differences with h and 2h must agree first: at a kink, or where the
 * function bends too fast for its size, the check says so. Each component of t lies within the root
 * mean square of its input, so inputs that stay 2^-16 times that away from a kink are safe.
 *
 * <p>One check is one direction, which misses a mistake of relative size e with a probability of
 * about tolerance / e, when its terms happen to cancel; check several keys for small ones.
 *
 * <pre>{@code
 * Function<List<Variable>, Variable> cube = in -> MyOperations.cube(in.getFirst());
 * new GradientCheck(backend, RandomKey.of(7)).check("cube", cube, List.of(x));
 * }</pre>
 */
public final class GradientCheck {
  /** How many components of a direction a message shows; the seed determines the rest. */
  private static final int SHOWN = 4;

  private final Backend backend;
  private final RandomKey key;

  /**
   * A check whose cotangents and directions are determined by {@code key} and the name of what is
   * checked.
   */
  public GradientCheck(Backend backend, RandomKey key) {
    this.backend = backend;
    this.key = key;
  }

  /**
   * Checks first and second order.
   *
   * @param name of the rule or function, for messages and draws
   * @param f works on any tape and in any type: constants it needs are made from its inputs' tape
   *     and type
   * @param inputs where to differentiate; float32 or float64, read only
   * @throws AssertionError if derivative and difference disagree; the message has the name, the
   *     seed, the shapes, the direction, both numbers and the bound
   * @throws IllegalArgumentException if there are no inputs
   */
  public void check(String name, Function<List<Variable>, Variable> f, List<Tensor> inputs) {
    checkFirstOrder(name, f, inputs);
    checkSecondOrder(name, f, inputs);
  }

  /** Checks vjp and jvp of {@code f}; parameters and errors as {@link #check}. */
  public void checkFirstOrder(
      String name, Function<List<Variable>, Variable> f, List<Tensor> inputs) {
    List<HostArray> x = hostCopies(name, inputs);
    compare(name, 1, in -> List.of(f.apply(in)), x, differenceRow(f, x));
  }

  /**
   * Checks vjp and jvp of the function from inputs and cotangent of {@code f} to its
   * vector-Jacobian product; parameters and errors as {@link #check}. Presumes that the first order
   * is right.
   */
  public void checkSecondOrder(
      String name, Function<List<Variable>, Variable> f, List<Tensor> inputs) {
    List<HostArray> x = hostCopies(name, inputs);
    RandomStream random = new RandomStream(key.fold(name).fold(0));
    List<HostArray> xu = new ArrayList<>(x);
    try (Tape tape = new Tape(backend)) {
      Variable y = f.apply(leaves(tape, x));
      xu.add(HostArray.draw(random, y.dtype(), y.shape(), 1));
    }
    compare(name, 2, in -> pulledBack(f, in), xu, differenceRow(f, x));
  }

  /** The row of the type that {@code f} evaluates to at float64 inputs. */
  private GradientTolerance differenceRow(Function<List<Variable>, Variable> f, List<HostArray> x) {
    try (Tape tape = new Tape(backend)) {
      List<Variable> wide =
          x.stream().map(a -> tape.constant(a.moved(tape.scope(), 0, a))).toList();
      return GradientTolerance.of(f.apply(wide).dtype());
    }
  }

  private static List<Variable> pulledBack(
      Function<List<Variable>, Variable> f, List<Variable> inputsAndCotangent) {
    List<Variable> inputs = inputsAndCotangent.subList(0, inputsAndCotangent.size() - 1);
    Variable y = f.apply(inputs);
    Variable u = Elementwise.cast(inputsAndCotangent.getLast(), y.dtype());
    return Gradients.differentiableVjp(y, u, inputs);
  }

  private void compare(
      String name,
      int order,
      Function<List<Variable>, List<Variable>> f,
      List<HostArray> x,
      GradientTolerance row) {
    RandomStream random = new RandomStream(key.fold(name).fold(order));
    List<HostArray> t =
        x.stream().map(a -> HostArray.draw(random, a.dtype(), a.shape(), a.scale())).toList();
    List<HostArray> u = new ArrayList<>();
    ProductSum vjp = new ProductSum();
    ProductSum jvp = new ProductSum();
    ProductSum value = new ProductSum();
    try (Tape tape = new Tape(backend)) {
      List<Variable> leaves = leaves(tape, x);
      List<Variable> tangents = t.stream().map(a -> tape.constant(a.on(tape.scope()))).toList();
      for (Variable y : f.apply(leaves)) {
        HostArray weights = HostArray.draw(random, y.dtype(), y.shape(), 1);
        u.add(weights);
        value.add(y.tensor().toDoubleArray(), weights.values());
        Variable cotangent = tape.constant(weights.on(tape.scope()));
        List<Variable> pulled = Gradients.vjp(y, cotangent, leaves);
        for (int i = 0; i < t.size(); i++) {
          vjp.add(pulled.get(i).tensor().toDoubleArray(), t.get(i).values());
        }
        Variable pushed = Gradients.jvp(y, leaves, tangents);
        jvp.add(pushed.tensor().toDoubleArray(), weights.values());
      }
    }
    CentralDifference difference = new CentralDifference(f, x, t, u);
    double scale = value.magnitude() + vjp.magnitude();
    double expected = difference.at(backend, row.step());
    double wide = difference.at(backend, 2 * row.step());
    // the truncation error of "expected" is a third of the distance to "wide": a quarter of the
    // tolerance goes to it, the rest to rounding
    double smooth = 0.75 * row.differenceTolerance() * scale;
    if (!(Math.abs(expected - wide) <= smooth)) {
      throw new AssertionError(
          describe(name, order, "difference", x, t)
              + ": not smooth enough to check, steps h and 2h give "
              + expected
              + " and "
              + wide
              + ", more than "
              + smooth
              + " apart; move the inputs away from kinks, poles and non-finite values");
    }
    double bound =
        (row.differenceTolerance() + GradientTolerance.of(narrowest(x, u)).derivativeTolerance())
            * scale;
    requireClose(describe(name, order, "vjp", x, t), expected, vjp.total(), bound);
    requireClose(describe(name, order, "jvp", x, t), expected, jvp.total(), bound);
  }

  private static void requireClose(String what, double expected, double got, double bound) {
    if (!(Math.abs(got - expected) <= bound)) {
      throw new AssertionError(
          what + ": expected " + expected + " by difference, got " + got + ", bound " + bound);
    }
  }

  private String describe(
      String name, int order, String kind, List<HostArray> x, List<HostArray> t) {
    return "gradient check: "
        + name
        + ", order "
        + order
        + ", "
        + kind
        + ", "
        + key
        + ", inputs "
        + x.stream().map(a -> a.dtype() + a.shape().toString()).toList()
        + ", direction "
        + t.stream().map(GradientCheck::beginning).toList();
  }

  private static String beginning(HostArray t) {
    return Arrays.stream(t.values())
        .limit(SHOWN)
        .mapToObj(v -> String.valueOf((float) v))
        .collect(Collectors.joining(", ", "[", t.values().length > SHOWN ? ", ...]" : "]"));
  }

  private static DType narrowest(List<HostArray> x, List<HostArray> u) {
    return Stream.concat(x.stream(), u.stream()).anyMatch(a -> a.dtype() == DType.FLOAT32)
        ? DType.FLOAT32
        : DType.FLOAT64;
  }

  private static List<Variable> leaves(Tape tape, List<HostArray> x) {
    return x.stream().map(a -> tape.leaf(a.on(tape.scope()))).toList();
  }

  private static List<HostArray> hostCopies(String name, List<Tensor> inputs) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("gradient check: " + name + " needs at least one input");
    }
    return inputs.stream().map(HostArray::of).toList();
  }
}
