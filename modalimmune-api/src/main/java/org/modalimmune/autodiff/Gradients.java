package org.modalimmune.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.modalimmune.annotation.Nullable;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Derivatives by walking a tape backwards (Griewank and Walther, "Evaluating Derivatives", 2nd ed.,
 * SIAM 2008, chapter 3). Variables that the output does not depend on get zeros.
 *
 * <p>Results are read only: they may share memory with each other, with a cotangent that was given,
 * and may be expanded views.
 */
public final class Gradients {
  private Gradients() {}

  /**
   * Gradient of a scalar; the results are constants.
   *
   * @throws IllegalArgumentException if {@code output} has more than one element
   */
  public static List<Variable> of(Variable output, List<Variable> wrt) {
    return walk(List.of(output), List.of(seed(output)), wrt, false);
  }

  /** Gradient of a scalar that can be differentiated again. */
  public static List<Variable> differentiable(Variable output, List<Variable> wrt) {
    return walk(List.of(output), List.of(seed(output)), wrt, true);
  }

  /** Vector-Jacobian product (d output / d wrt)' cotangent; the results are constants. */
  public static List<Variable> vjp(Variable output, Variable cotangent, List<Variable> wrt) {
    return walk(List.of(output), List.of(cotangent), wrt, false);
  }

  /**
   * Vector-Jacobian product that can be differentiated again, with respect to the cotangent too.
   */
  public static List<Variable> differentiableVjp(
      Variable output, Variable cotangent, List<Variable> wrt) {
    return walk(List.of(output), List.of(cotangent), wrt, true);
  }

  /**
   * Jacobian-vector product: derivative of {@code output} along {@code tangents}. Computed as the
   * derivative, with respect to u, of the vector-Jacobian product with cotangent u.
   *
   * @param tangents one per entry of {@code wrt}, of its shape
   */
  public static Variable jvp(Variable output, List<Variable> wrt, List<Variable> tangents) {
    requireMatching("jvp", wrt, tangents);
    Tape tape = output.tape();
    Variable u = tape.leaf(tape.ops().full(0, output.dtype(), output.shape()));
    List<Variable> pulled = deferred(tape, () -> differentiableVjp(output, u, wrt));
    return vjp(pulled, tangents, List.of(u)).getFirst();
  }

  /**
   * Hessian-vector product of a scalar: the gradient of (gradient, vectors). Exact; one forward and
   * two backward walks. For many products with one Hessian use {@link HessianVectorProduct}.
   *
   * @param vectors one per entry of {@code wrt}, of its shape
   */
  public static List<Variable> hvp(Variable output, List<Variable> wrt, List<Variable> vectors) {
    requireMatching("hvp", wrt, vectors);
    // of the gradient only what the product needs of it is computed
    List<Variable> gradient = deferred(output.tape(), () -> differentiable(output, wrt));
    return vjp(gradient, vectors, wrt);
  }

  /**
   * Sum of the vector-Jacobian products of several outputs, one cotangent each: the gradient of the
   * sum of their inner products, from one walk and without computing that sum.
   */
  static List<Variable> vjp(List<Variable> outputs, List<Variable> cotangents, List<Variable> wrt) {
    return walk(outputs, cotangents, wrt, false);
  }

  /** The same, to be differentiated again, with respect to the cotangents too. */
  static List<Variable> differentiableVjp(
      List<Variable> outputs, List<Variable> cotangents, List<Variable> wrt) {
    return walk(outputs, cotangents, wrt, true);
  }

  /** A walk that is recorded for its derivative: products and sums are computed if asked for. */
  static List<Variable> deferred(Tape tape, Supplier<List<Variable>> walk) {
    boolean before = tape.setDeferring(true);
    try {
      return walk.get();
    } finally {
      tape.setDeferring(before);
    }
  }

  static void requireMatching(String op, List<Variable> wrt, List<Variable> vectors) {
    if (wrt.isEmpty() || wrt.size() != vectors.size()) {
      throw new IllegalArgumentException(
          op + ": needs one vector per variable: " + wrt.size() + " and " + vectors.size());
    }
    for (int i = 0; i < wrt.size(); i++) {
      if (!alike(wrt.get(i), vectors.get(i))) {
        throw new IllegalArgumentException(
            op
                + ": vector "
                + i
                + " must have its variable's shape and type: "
                + vectors.get(i)
                + " for "
                + wrt.get(i));
      }
    }
  }

  /** Checks that a variable is on this tape and not in a frame that has been closed. */
  static void requireOn(Tape tape, Variable v) {
    if (v.tape() != tape) {
      throw new IllegalArgumentException("gradient: " + v + " is not on the output's tape");
    }
    tape.requireLive(v);
  }

  /** Whether both have one shape and type. */
  static boolean alike(Variable a, Variable b) {
    return a.shape().equals(b.shape()) && a.dtype() == b.dtype();
  }

  private static Variable seed(Variable output) {
    if (output.tensor().elements() != 1) {
      throw new IllegalArgumentException(
          "gradient: the output must be a scalar, got "
              + output.shape()
              + "; sum it, or use vjp with a cotangent");
    }
    return output.tape().constant(output.tape().ops().full(1, output.dtype(), output.shape()));
  }

  private static List<Variable> walk(
      List<Variable> outputs,
      List<Variable> cotangents,
      List<Variable> wrt,
      boolean differentiable) {
    Tape tape = outputs.getFirst().tape();
    for (int i = 0; i < outputs.size(); i++) {
      if (!alike(cotangents.get(i), outputs.get(i))) {
        throw new IllegalArgumentException(
            "vjp: the cotangent must have the output's shape and type: "
                + cotangents.get(i)
                + " for "
                + outputs.get(i));
      }
      requireOn(tape, outputs.get(i));
      requireOn(tape, cotangents.get(i));
    }
    for (Variable v : wrt) {
      requireOn(tape, v);
    }
    boolean[] relevant = relevance(outputs, wrt);
    boolean recorded = differentiable && tape.isRecording();
    @Nullable
    CotangentMemory memory = recorded || tape.computesApart() ? null : new CotangentMemory(tape);
    Pullback.ReversePass pass = new Pullback.ReversePass(relevant, memory);
    boolean[] result = positions(wrt, relevant.length);
    boolean before = tape.setRecording(recorded);
    try {
      for (int i = 0; i < outputs.size(); i++) {
        pass.accumulate(outputs.get(i), cotangents.get(i));
      }
      for (int p = relevant.length - 1; p >= 0; p--) {
        Variable cotangent = pass.cotangent(p);
        Rule rule = tape.tracked(p).rule();
        if (cotangent != null && rule != null) {
          Pullback pullback = new Pullback(tape.tracked(p), cotangent, pass);
          if (memory == null) {
            rule.pullBack(pullback);
          } else {
            memory.step(() -> rule.pullBack(pullback));
          }
          if (!result[p]) {
            pass.forget(p);
          }
        }
      }
      List<Variable> gradients = new ArrayList<>(wrt.size());
      for (Variable v : wrt) {
        Variable g = pass.isRelevant(v) ? pass.cotangent(v.position()) : null;
        gradients.add(g == null ? zeros(tape, v.dtype(), v.shape()) : g);
      }
      return gradients;
    } finally {
      tape.setRecording(before);
    }
  }

  /** Which positions below {@code length} some variables have. */
  private static boolean[] positions(List<Variable> variables, int length) {
    boolean[] at = new boolean[length];
    for (Variable v : variables) {
      if (v.isTracked() && v.position() < length) {
        at[v.position()] = true;
      }
    }
    return at;
  }

  /** For each position up to the last output's, whether {@code wrt} contributes to it. */
  static boolean[] relevance(List<Variable> outputs, List<Variable> wrt) {
    int last = Variable.UNTRACKED;
    for (Variable output : outputs) {
      last = Math.max(last, output.position());
    }
    boolean[] relevant = new boolean[last + 1];
    int first = relevant.length;
    for (Variable v : wrt) {
      if (v.isTracked() && v.position() < relevant.length) {
        relevant[v.position()] = true;
        first = Math.min(first, v.position());
      }
    }
    Tape tape = outputs.getFirst().tape();
    for (int p = first + 1; p < relevant.length; p++) {
      if (!relevant[p]) {
        for (Variable in : tape.tracked(p).inputs()) {
          if (in.isTracked() && relevant[in.position()]) {
            relevant[p] = true;
            break;
          }
        }
      }
    }
    return relevant;
  }

  private static Variable zeros(Tape tape, DType dtype, Shape shape) {
    Tensor z = tape.ops().full(0, dtype, shape);
    return tape.constant(z);
  }
}
