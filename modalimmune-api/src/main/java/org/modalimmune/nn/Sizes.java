package org.modalimmune.nn;

import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.Shape;

/** Checks of sizes and input shapes that layers share. */
final class Sizes {
  private Sizes() {}

  static void requirePositive(String layer, String what, long size) {
    if (size < 1) {
      throw new IllegalArgumentException(layer + ": " + what + " must be at least 1, got " + size);
    }
  }

  static void requireColumns(String layer, Variable x, long columns) {
    if (x.shape().rank() < 2 || x.shape().dim(-1) != columns) {
      throw new IllegalArgumentException(
          layer + ": needs an input [..., " + columns + "] of rank 2 or more, got " + x.shape());
    }
  }

  static void requireShape(String layer, String what, Variable x, Shape shape) {
    if (!x.shape().equals(shape)) {
      throw new IllegalArgumentException(
          layer + ": " + what + " must have shape " + shape + ", got " + x.shape());
    }
  }
}
