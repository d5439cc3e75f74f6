package org.modalimmune.autodiff;

/**
 * Rule of y = A B with A = a or a' and B = b or b', over the last two axes with leading axes
 * broadcast. The cotangents of A and B are g B' and A' g; each is computed in the order of memory
 * of the operand itself, so that no transposed result is left behind.
 */
record TransposableRule(boolean aTransposed, boolean bTransposed) implements Rule {
  @Override
  public String operation() {
    return "matmul";
  }

  @Override
  public void pullBack(Pullback p) {
    Variable g = p.cotangent();
    Variable a = p.input(0);
    Variable b = p.input(1);
    // g B' or its transpose B g', and A' g or its transpose g' A
    if (p.wants(0)) {
      if (aTransposed) {
        add(p, 0, b, bTransposed, g, true);
      } else {
        add(p, 0, g, false, b, !bTransposed);
      }
    }
    if (p.wants(1)) {
      if (bTransposed) {
        add(p, 1, g, true, a, aTransposed);
      } else {
        add(p, 1, a, !aTransposed, g, false);
      }
    }
  }

  private static void add(
      Pullback p, int operand, Variable a, boolean aTransposed, Variable b, boolean bTransposed) {
    if (a.shape().rank() == 2 && b.shape().rank() == 2) {
      p.addProduct(operand, a, aTransposed, b, bTransposed);
      return;
    }
    Variable wide = Matrix.product(a, aTransposed, b, bTransposed);
    p.add(operand, Reduction.sumTo(wide, p.input(operand).shape()));
  }
}
