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
    if (p.wants(0)) {
      // g B', or its transpose B g'
      Variable wide =
          aTransposed
              ? Matrix.product(b, bTransposed, g, true)
              : Matrix.product(g, false, b, !bTransposed);
      p.add(0, Reduction.sumTo(wide, a.shape()));
    }
    if (p.wants(1)) {
      // A' g, or its transpose g' A
      Variable wide =
          bTransposed
              ? Matrix.product(g, true, a, aTransposed)
              : Matrix.product(a, !aTransposed, g, false);
      p.add(1, Reduction.sumTo(wide, b.shape()));
    }
  }
}
