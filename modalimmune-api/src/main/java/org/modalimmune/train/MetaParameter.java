package org.modalimmune.train;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * One setting in unconstrained form u, so that any step of u leaves the setting in its range: e^u
 * for a positive setting, 1 / (1 + e^-u) for one between 0 and 1. The element on the tape is u;
 * what a loss uses is the setting.
 */
public final class MetaParameter {
  /** From u to the setting. */
  public enum Form {
    /** e^u: positive settings, moved by factors. */
    LOG,
    /** 1 / (1 + e^-u): settings between 0 and 1. */
    LOGIT
  }

  private final String name;
  private final Form form;
  private final double low;
  private final double high;
  private final Tensor tensor;
  private double unconstrained;

  /**
   * A setting at its start.
   *
   * @param scope where u lives
   * @param dtype element type of the losses that use it
   * @param name such as {@code noise.spectral.text}
   * @param form LOG or LOGIT
   * @param start the setting, within its limits
   * @param low smallest setting that a step may reach
   * @param high largest
   */
  public MetaParameter(
      Scope scope, DType dtype, String name, Form form, double start, double low, double high) {
    if (!(low <= start && start <= high)
        || !Double.isFinite(inverse(form, low))
        || !Double.isFinite(inverse(form, high))) {
      throw new IllegalArgumentException(
          "meta-parameter "
              + name
              + ": needs "
              + (form == Form.LOG ? "0 < low <= start <= high" : "0 < low <= start <= high < 1")
              + ", got "
              + low
              + ", "
              + start
              + ", "
              + high);
    }
    this.name = name;
    this.form = form;
    this.low = inverse(form, low);
    this.high = inverse(form, high);
    this.unconstrained = inverse(form, start);
    this.tensor = scope.of(dtype, Shape.of(), new double[] {unconstrained});
  }

  private static double inverse(Form form, double setting) {
    return form == Form.LOG ? Math.log(setting) : Math.log(setting) - Math.log1p(-setting);
  }

  /** Name of the setting. */
  public String name() {
    return name;
  }

  /** The setting as it stands. */
  public double value() {
    return form == Form.LOG ? Math.exp(unconstrained) : 1 / (1 + Math.exp(-unconstrained));
  }

  /** u. */
  public double unconstrained() {
    return unconstrained;
  }

  /** Moves u by {@code step} and back into its limits. */
  void move(double step) {
    restore(Math.clamp(unconstrained + step, low, high));
  }

  /** Sets u to what it was once. */
  void restore(double u) {
    if (!(u >= low && u <= high)) {
      throw new IllegalArgumentException(
          "meta-parameter " + name + ": must be from " + low + " to " + high + ", got " + u);
    }
    unconstrained = u;
    tensor.set(new double[] {u});
  }

  /** u on a tape: what the hyper-gradient is taken with respect to. */
  Variable leaf(Tape tape) {
    return tape.leaf(tensor);
  }

  /** The setting on a tape, a scalar. */
  public Variable on(Tape tape) {
    Variable u = leaf(tape);
    return form == Form.LOG ? Elementwise.exp(u) : Elementwise.sigmoid(u);
  }
}
