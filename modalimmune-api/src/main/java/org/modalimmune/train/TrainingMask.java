package org.modalimmune.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.masking.AutodiffMasking;
import org.modalimmune.masking.CleanLoss;
import org.modalimmune.masking.MaskReport;
import org.modalimmune.masking.MaskedGradients;
import org.modalimmune.masking.MaskingState;
import org.modalimmune.masking.ParameterBlock;
import org.modalimmune.masking.Preconditioner;
import org.modalimmune.nn.Parameter;
import org.modalimmune.optim.Optimizer;
import org.modalimmune.optim.ParameterGroup;
import org.modalimmune.tensor.Tensor;

/**
 * Curvature-aware masking of a run's destructive gradients, one block per parameter group, in the
 * optimiser's geometry: what AdamW does with a gradient is a step against it divided by D.
 */
final class TrainingMask {
  /** Stated error of a float32 Hessian-vector product, relative to the Hessian's norm. */
  private static final double PRODUCT_ERROR = 0x1p-16;

  private final AutodiffMasking masking;
  private final Optimizer optimizer;
  private final List<ParameterGroup> groups;
  private final Map<String, Totals> totals = new LinkedHashMap<>();
  private MaskingState state = MaskingState.initial();

  TrainingMask(MaskingSettings settings, Optimizer optimizer, List<ParameterGroup> groups) {
    this.masking = new AutodiffMasking(settings.options(), PRODUCT_ERROR);
    this.optimizer = optimizer;
    this.groups = List.copyOf(groups);
  }

  /** The masked gradient of every parameter, in the order of the optimiser. */
  List<Tensor> gradients(Tape tape, StepLoss loss, GuardedLoss guarded, double rate) {
    List<ParameterBlock> blocks = new ArrayList<>();
    List<double[]> scales = new ArrayList<>();
    for (ParameterGroup g : groups) {
      blocks.add(
          new ParameterBlock(
              g.name(), g.parameters().stream().map(p -> tape.leaf(p.value())).toList()));
      scales.add(scales(g));
    }
    Variable destructive = loss.destructive().orElseThrow();
    MaskedGradients masked =
        masking.apply(
            CleanLoss.of(guarded.loss(), guarded.rows()),
            destructive,
            blocks,
            new Preconditioner(scales),
            state,
            rate);
    state = masked.state();
    masked.reports().forEach(r -> totals.computeIfAbsent(r.block(), _ -> new Totals()).add(r));
    return masked.gradients();
  }

  private double[] scales(ParameterGroup group) {
    long size = group.parameters().stream().mapToLong(p -> p.value().elements()).sum();
    double[] all = new double[Math.toIntExact(size)];
    int at = 0;
    for (Parameter p : group.parameters()) {
      double[] d = optimizer.preconditioner(p.name());
      System.arraycopy(d, 0, all, at, d.length);
      at += d.length;
    }
    return all;
  }

  /** What the masks remember, and the sums for the report. */
  TrainingState state() {
    Map<String, double[]> sums = new LinkedHashMap<>();
    totals.forEach((block, t) -> sums.put(block, t.toArray()));
    return TrainingState.ofParts(
        Map.of("masks", TrainingState.of(state.toArrays()), "totals", TrainingState.of(sums)));
  }

  /**
   * Continues from a state.
   *
   * @throws IllegalArgumentException if it is not of a run with these blocks
   */
  void restore(TrainingState saved) {
    saved.requireOnly(Set.of("masks", "totals"));
    TrainingState sums = saved.part("totals");
    MaskingState masks = MaskingState.ofArrays(saved.part("masks").arrays());
    Set<String> known = groups.stream().map(ParameterGroup::name).collect(Collectors.toSet());
    if (!known.containsAll(masks.blocks().keySet()) || !known.containsAll(sums.arrays().keySet())) {
      throw new IllegalArgumentException(
          "masking: the blocks are " + known + ", got " + masks.blocks().keySet());
    }
    state = masks;
    totals.clear();
    sums.arrays().forEach((block, _) -> totals.put(block, Totals.of(sums.array(block, 4))));
  }

  /** Means over the steps of each block, for the report. */
  SortedMap<String, Double> settings() {
    SortedMap<String, Double> settings = new TreeMap<>();
    totals.forEach((block, t) -> t.putInto(settings, "masking." + block));
    return settings;
  }

  /** Sums over steps of what was done to one block. */
  private static final class Totals {
    private long steps;
    private double mask;
    private double scale;
    private long frozen;

    void add(MaskReport report) {
      steps++;
      mask += report.meanMask();
      scale += report.frozen() ? 0 : report.step().scale();
      frozen += report.frozen() ? 1 : 0;
    }

    double[] toArray() {
      return new double[] {steps, mask, scale, frozen};
    }

    static Totals of(double[] values) {
      Totals totals = new Totals();
      totals.steps = (long) values[0];
      totals.mask = values[1];
      totals.scale = values[2];
      totals.frozen = (long) values[3];
      return totals;
    }

    void putInto(SortedMap<String, Double> settings, String name) {
      if (steps > 0) {
        settings.put(name + ".mean-mask", mask / steps);
        settings.put(name + ".mean-scale", scale / steps);
        settings.put(name + ".frozen", (double) frozen / steps);
      }
    }
  }
}
