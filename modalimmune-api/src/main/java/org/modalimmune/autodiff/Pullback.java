package org.modalimmune.autodiff;

import java.util.function.Supplier;
import org.modalimmune.annotation.Nullable;
import org.modalimmune.tensor.Tensor;

/** What a {@link Rule} sees: the operation's inputs, output and cotangent, and where results go. */
public final class Pullback {
  private final Variable node;
  private final Variable cotangent;
  private final ReversePass pass;

  Pullback(Variable node, Variable cotangent, ReversePass pass) {
    this.node = node;
    this.cotangent = cotangent;
    this.pass = pass;
  }

  /** Cotangent of the output, of the output's shape. */
  public Variable cotangent() {
    return cotangent;
  }

  /** The operation's result. */
  public Variable output() {
    return node;
  }

  /** Operand {@code i}. */
  public Variable input(int i) {
    return node.inputs().get(i);
  }

  /** Number of operands. */
  public int inputCount() {
    return node.inputs().size();
  }

  /** The tape. */
  public Tape tape() {
    return node.tape();
  }

  /** Whether the cotangent of operand {@code i} is needed. */
  public boolean wants(int i) {
    return pass.isRelevant(node.inputs().get(i));
  }

  /**
   * Whether the derivative being computed will be differentiated again; if not, a rule may use
   * saved tensors as constants.
   */
  public boolean isDifferentiable() {
    return node.tape().isRecording();
  }

  /**
   * A value that depends on the operation's operands and output alone, not on the cotangent, such
   * as f'(x). It is computed at the first walk over the operation and used again by the walks that
   * follow, as long as it is there and can be differentiated where they need that. One per
   * operation.
   */
  public Variable kept(Supplier<Variable> value) {
    Tape tape = node.tape();
    boolean differentiable = tape.isRecording();
    Variable known = node.kept(differentiable);
    if (known != null) {
      return known;
    }
    // without a record it can live as long as the operation itself, not just as this walk
    Variable fresh = differentiable ? value.get() : tape.withMemoryOf(node, value);
    node.keep(fresh, differentiable);
    return fresh;
  }

  /**
   * Adds to the cotangent of operand {@code i}; ignored if it is not wanted.
   *
   * @throws IllegalArgumentException if shape or type are not the operand's
   */
  public void add(int i, Variable contribution) {
    Variable in = node.inputs().get(i);
    Gradients.requireOn(node.tape(), contribution);
    if (!Gradients.alike(contribution, in)) {
      throw new IllegalArgumentException(
          "rule: cotangent of operand "
              + i
              + " must have the operand's shape and type: "
              + contribution
              + " for "
              + in);
    }
    pass.accumulate(in, contribution);
  }

  /**
   * Adds the product of two matrices, transposed where asked, to the cotangent of operand {@code
   * i}. Where a walk is not recorded, it is added up as it is computed.
   */
  void addProduct(int i, Variable a, boolean aTransposed, Variable b, boolean bTransposed) {
    Variable in = node.inputs().get(i);
    if (!pass.accumulateProduct(in, a, aTransposed, b, bTransposed)) {
      add(i, Matrix.product(a, aTransposed, b, bTransposed));
    }
  }

  /**
   * Adds {@code a b}, element by element, to the cotangent of operand {@code i}, of their shape.
   * Where a walk is not recorded, it is added up as it is computed.
   */
  void addMultiplied(int i, Variable a, Variable b) {
    if (!pass.accumulateMultiplied(node.inputs().get(i), a, b)) {
      add(i, Elementwise.multiply(a, b));
    }
  }

  /** One backward walk over a tape. */
  static final class ReversePass {
    private final boolean[] relevant;
    private final @Nullable Variable[] cotangents;
    private final @Nullable CotangentMemory memory;

    /**
     * A walk over the relevant positions.
     *
     * @param memory of the cotangents, if the walk is not recorded and they are the walk's alone
     */
    ReversePass(boolean[] relevant, @Nullable CotangentMemory memory) {
      this.relevant = relevant;
      this.cotangents = new @Nullable Variable[relevant.length];
      this.memory = memory;
    }

    boolean isRelevant(Variable v) {
      return v.isTracked() && v.position() < relevant.length && relevant[v.position()];
    }

    @Nullable
    Variable cotangent(int position) {
      return cotangents[position];
    }

    /** Forgets a cotangent that has been pulled back and is no result. */
    void forget(int position) {
      replace(position, null);
    }

    void accumulate(Variable target, Variable contribution) {
      if (!isRelevant(target)) {
        return;
      }
      int p = target.position();
      Variable before = cotangents[p];
      if (before == null) {
        replace(p, contribution);
      } else if (memory != null && memory.isExclusive(before.tensor())) {
        target.tape().ops().axpy(1, contribution.tensor(), before.tensor());
      } else {
        replace(p, Elementwise.add(before, contribution));
      }
    }

    /** False if the product has to be computed by itself. */
    boolean accumulateProduct(
        Variable target, Variable a, boolean aTransposed, Variable b, boolean bTransposed) {
      if (!isRelevant(target)) {
        return true;
      }
      int p = target.position();
      Variable before = cotangents[p];
      if (memory == null || before == null || a.shape().rank() != 2 || b.shape().rank() != 2) {
        return false;
      }
      if (target.shape().dim(0) == 1 || target.shape().dim(1) == 1) {
        // adding a vector costs nothing beside its product, which is quicker without a start
        return false;
      }
      Tape tape = target.tape();
      Tensor left = Matrix.view(a.tensor(), aTransposed);
      Tensor right = Matrix.view(b.tensor(), bTransposed);
      if (memory.isExclusive(before.tensor())) {
        tape.ops().addMatmul(left, right, before.tensor());
      } else {
        replace(p, tape.constant(tape.ops().linear(left, right, before.tensor())));
      }
      return true;
    }

    /** False if the product has to be computed by itself. */
    boolean accumulateMultiplied(Variable target, Variable a, Variable b) {
      if (!isRelevant(target)) {
        return true;
      }
      int p = target.position();
      Variable before = cotangents[p];
      if (memory == null || before == null) {
        return false;
      }
      Tape tape = target.tape();
      Tensor sum = tape.ops().multiplyAdd(a.tensor(), b.tensor(), before.tensor());
      replace(p, tape.constant(sum));
      return true;
    }

    private void replace(int position, @Nullable Variable cotangent) {
      Variable before = cotangents[position];
      cotangents[position] = cotangent;
      if (memory != null) {
        if (cotangent != null) {
          memory.hold(cotangent.tensor());
        }
        if (before != null) {
          memory.drop(before.tensor());
        }
      }
    }
  }
}
