package org.modalimmune.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.modalimmune.hypergradient.MixedProduct;
import org.modalimmune.nn.Parameter;
import org.modalimmune.optim.Optimizer;
import org.modalimmune.optim.ParameterGroup;

/**
 * Weight decay of each group as a meta-parameter. AdamW moves w by -a (m / D + c w) with D =
 * sqrt(v) + epsilon; its fixed points are those of the loss plus (c / 2) w'Dw at fixed D. The
 * decay's curvature is therefore c D, and the mixed derivative with respect to log c is c D w.
 */
final class DecaySettings {
  private static final double RANGE = 100;

  private final Optimizer optimizer;
  private final List<Parameter> theta;
  private final int n;
  private final List<String> groupOf = new ArrayList<>();
  private final List<String> groups = new ArrayList<>();
  private final List<MetaParameter> moving = new ArrayList<>();

  DecaySettings(
      MetaParameters meta,
      Optimizer optimizer,
      List<ParameterGroup> parameterGroups,
      List<Parameter> theta) {
    this.optimizer = optimizer;
    this.theta = theta;
    this.n = Math.toIntExact(theta.stream().mapToLong(p -> p.value().elements()).sum());
    Map<String, String> byParameter = new HashMap<>();
    for (ParameterGroup g : parameterGroups) {
      g.parameters().forEach(p -> byParameter.put(p.name(), g.name()));
      meta.parameter(MetaGroup.DECAY, "decay." + g.name(), g.weightDecay(), RANGE)
          .ifPresent(
              p -> {
                groups.add(g.name());
                moving.add(p);
              });
    }
    theta.forEach(p -> groupOf.add(byParameter.getOrDefault(p.name(), "")));
  }

  List<MetaParameter> moving() {
    return moving;
  }

  /** Hands the present decays to the optimiser. */
  void apply() {
    for (int g = 0; g < groups.size(); g++) {
      optimizer.setWeightDecay(groups.get(g), moving.get(g).value());
    }
  }

  /** c D, [n]; 0 for what is not decayed. */
  double[] curvature() {
    double[] curvature = new double[n];
    int at = 0;
    for (int i = 0; i < theta.size(); i++) {
      Parameter p = theta.get(i);
      int size = Math.toIntExact(p.value().elements());
      if (p.decayed()) {
        double c = optimizer.weightDecay(groupOf.get(i));
        double[] d = optimizer.preconditioner(p.name());
        for (int j = 0; j < size; j++) {
          curvature[at + j] = c * d[j];
        }
      }
      at += size;
    }
    return curvature;
  }

  /**
   * The mixed derivative with respect to each log c, c D w in the group's components, below
   * another.
   */
  MixedProduct below(MixedProduct above) {
    double[] row = curvature();
    int[] group = new int[n];
    int at = 0;
    for (int i = 0; i < theta.size(); i++) {
      double[] w = theta.get(i).value().toDoubleArray();
      Arrays.fill(group, at, at + w.length, groups.indexOf(groupOf.get(i)));
      for (double v : w) {
        row[at++] *= v;
      }
    }
    double[] norms = new double[groups.size()];
    for (int j = 0; j < n; j++) {
      if (group[j] >= 0) {
        norms[group[j]] = Math.hypot(norms[group[j]], row[j]);
      }
    }
    return new DecayRows(above, row, group, norms);
  }

  /**
   * Rows that do not overlap, in one array.
   *
   * @param above the rows before them
   * @param row all rows added up
   * @param group row that each component belongs to, or -1
   * @param norms Euclidean norm of each row
   */
  @SuppressWarnings("ArrayRecordComponent") // lives for one solve, not a value to compare
  private record DecayRows(MixedProduct above, double[] row, int[] group, double[] norms)
      implements MixedProduct {
    @Override
    public int dimension() {
      return row.length;
    }

    @Override
    public int metaParameters() {
      return above.metaParameters() + norms.length;
    }

    @Override
    public void apply(double[] q, double[] c) {
      double[] first = new double[above.metaParameters()];
      above.apply(q, first);
      Arrays.fill(c, 0);
      System.arraycopy(first, 0, c, 0, first.length);
      for (int j = 0; j < q.length; j++) {
        if (group[j] >= 0) {
          c[first.length + group[j]] += row[j] * q[j];
        }
      }
    }

    @Override
    public double rowNormBound(int i) {
      int own = i - above.metaParameters();
      // hypot in a row of n loses at most n units
      return own < 0 ? above.rowNormBound(i) : norms[own] * (1 + row.length * 0x1p-50);
    }

    @Override
    public double relativeProductError() {
      return Math.max(above.relativeProductError(), row.length * 0x1p-50);
    }
  }
}
