package org.modalimmune.conformance;

import java.util.Arrays;
import org.modalimmune.backend.kernel.ReduceOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Expected values of reductions. */
final class ReductionOracle {
  private ReductionOracle() {}

  /** One expectation per element of the target, row-major. */
  static Bounded[] expect(ReduceOp op, Placement x, Shape target, DType dtype) {
    int groups = Math.toIntExact(target.elements());
    int[] count = new int[groups];
    int[] group = new int[x.elements()];
    for (int i = 0; i < group.length; i++) {
      group[i] = groupOf(i, x.view().shape(), target);
      count[group[i]]++;
    }
    double[][] members = new double[groups][];
    for (int g = 0; g < groups; g++) {
      members[g] = new double[count[g]];
    }
    Arrays.fill(count, 0);
    for (int i = 0; i < group.length; i++) {
      members[group[i]][count[group[i]]++] = x.value(i);
    }
    return Arrays.stream(members)
        .map(
            m ->
                switch (op) {
                  case SUM -> sum(m, m.length, 0, dtype);
                  case MAX -> Bounded.exactly(Arrays.stream(m).reduce(m[0], Math::max));
                  case MIN -> Bounded.exactly(Arrays.stream(m).reduce(m[0], Math::min));
                })
        .toArray(Bounded[]::new);
  }

  /** Sum of {@code count} terms, each with {@code perTerm} roundings behind it. */
  static Bounded sum(double[] parts, long count, double perTerm, DType dtype) {
    DoubleDouble.Sum sum = new DoubleDouble.Sum();
    double plain = 0;
    double magnitude = 0;
    for (double x : parts) {
      sum.add(x);
      plain += x;
      magnitude += Math.abs(x);
    }
    if (!Double.isFinite(plain)) {
      return Bounded.exactly(plain);
    }
    DoubleDouble s = sum.value();
    return Bounded.within(s, Tolerances.sum(count, perTerm, s.hi(), magnitude, dtype));
  }

  private static int groupOf(int i, Shape shape, Shape target) {
    long rest = i;
    long at = 0;
    long stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      long index = rest % shape.dim(axis);
      rest /= shape.dim(axis);
      if (target.dim(axis) == shape.dim(axis)) {
        at += index * stride;
      }
      stride *= target.dim(axis);
    }
    return Math.toIntExact(at);
  }
}
