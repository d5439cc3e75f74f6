package org.modalimmune.autodiff;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.modalimmune.annotation.Nullable;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** A tensor on a {@link Tape}, with the record of how it was computed if a leaf depends on it. */
public final class Variable {
  /** Position of a variable that no gradient flows through. */
  static final int UNTRACKED = -1;

  private final Tape tape;
  private final Shape shape;
  private final DType dtype;
  private @Nullable Tensor tensor;
  private @Nullable Supplier<Tensor> deferred;
  private final int position;
  private final @Nullable Rule rule;
  private final List<Variable> inputs;
  private @Nullable Variable keptValue;
  private @Nullable Variable keptRecord;

  Variable(Tape tape, Tensor tensor, int position, @Nullable Rule rule, List<Variable> inputs) {
    this.tape = tape;
    this.shape = tensor.shape();
    this.dtype = tensor.dtype();
    this.tensor = tensor;
    this.position = position;
    this.rule = rule;
    this.inputs = inputs;
  }

  /** A result whose value is computed when, and if, it is asked for. */
  Variable(
      Tape tape,
      Shape shape,
      DType dtype,
      Supplier<Tensor> deferred,
      int position,
      Rule rule,
      List<Variable> inputs) {
    this.tape = tape;
    this.shape = shape;
    this.dtype = dtype;
    this.deferred = deferred;
    this.position = position;
    this.rule = rule;
    this.inputs = inputs;
  }

  /** The tape this variable lives on. */
  public Tape tape() {
    return tape;
  }

  /** The value. */
  public Tensor tensor() {
    Tensor known = tensor;
    if (known != null) {
      return known;
    }
    Tensor value = tape.withMemoryOf(this, Objects.requireNonNull(deferred));
    tensor = value;
    deferred = null;
    return value;
  }

  /** The value's shape. */
  public Shape shape() {
    return shape;
  }

  /** The value's element type. */
  public DType dtype() {
    return dtype;
  }

  /** Whether a leaf's gradient can flow through this variable. */
  public boolean isTracked() {
    return position != UNTRACKED;
  }

  /** Whether this is a leaf: tracked, and not the result of an operation. */
  public boolean isLeaf() {
    return isTracked() && rule == null;
  }

  /** The same value without its history: gradients stop here. */
  public Variable detach() {
    return isTracked() ? tape.constant(tensor()) : this;
  }

  /** Index in the tape's order of computation, or {@link #UNTRACKED}. */
  int position() {
    return position;
  }

  @Nullable
  Rule rule() {
    return rule;
  }

  List<Variable> inputs() {
    return inputs;
  }

  /**
   * What a walk left here for the walks to come, see {@link Pullback#kept}; null if that is gone.
   *
   * @param differentiable whether it must be one that was computed while the tape recorded
   */
  @Nullable
  Variable kept(boolean differentiable) {
    if (keptRecord != null && tape.isLive(keptRecord)) {
      return keptRecord;
    }
    return differentiable || keptValue == null || !tape.isLive(keptValue) ? null : keptValue;
  }

  void keep(Variable value, boolean differentiable) {
    if (differentiable) {
      keptRecord = value;
    } else {
      keptValue = value;
    }
  }

  @Override
  public String toString() {
    return (isTracked() ? "variable " : "constant ")
        + (tensor == null ? dtype + "" + shape : tensor);
  }
}
