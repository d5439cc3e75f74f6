package org.modalimmune.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;

/** The settings of one run that the hyper-gradient moves, and those of their kind that stay. */
public final class MetaParameters {
  private final Scope scope;
  private final DType dtype;
  private final Set<MetaGroup> adapted;
  private final Map<String, MetaParameter> moving = new LinkedHashMap<>();

  /**
   * No settings yet.
   *
   * @param scope where they live; as long as the run
   * @param dtype element type of the losses that use them
   * @param adapted kinds that move
   */
  public MetaParameters(Scope scope, DType dtype, Set<MetaGroup> adapted) {
    this.scope = scope;
    this.dtype = dtype;
    this.adapted = Set.copyOf(adapted);
  }

  /** A setting for losses: one that moves, or a number. */
  @FunctionalInterface
  public interface Setting {
    /** The setting on a tape, a scalar. */
    Variable on(Tape tape);
  }

  /**
   * A positive setting that moves by factors, if its kind moves, by at most {@code range} either
   * way; a setting of 0 stays.
   */
  public Setting positive(MetaGroup group, String name, double start, double range) {
    return start > 0
        ? setting(group, name, MetaParameter.Form.LOG, start, start / range, start * range)
        : fixed(start);
  }

  /**
   * A setting between 0 and 1 that stays at least {@code margin} away from both if it moves; it
   * then starts there at the latest.
   */
  public Setting fraction(MetaGroup group, String name, double start, double margin) {
    double inside = Math.clamp(start, margin, 1 - margin);
    return adapted.contains(group)
        ? setting(group, name, MetaParameter.Form.LOGIT, inside, margin, 1 - margin)
        : fixed(start);
  }

  /**
   * A positive setting that acts outside the losses, such as a weight decay; empty if its kind does
   * not move or it is 0.
   */
  public Optional<MetaParameter> parameter(
      MetaGroup group, String name, double start, double range) {
    if (!adapted.contains(group) || start == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new MetaParameter(
            scope, dtype, name, MetaParameter.Form.LOG, start, start / range, start * range));
  }

  private Setting setting(
      MetaGroup group,
      String name,
      MetaParameter.Form form,
      double start,
      double low,
      double high) {
    if (!adapted.contains(group)) {
      return fixed(start);
    }
    MetaParameter p = new MetaParameter(scope, dtype, name, form, start, low, high);
    if (moving.putIfAbsent(name, p) != null) {
      throw new IllegalArgumentException("meta-parameters: two are named " + name);
    }
    return p::on;
  }

  private Setting fixed(double value) {
    return tape -> tape.constant(value, dtype);
  }

  /** Whether settings of a kind move. */
  public boolean adapts(MetaGroup group) {
    return adapted.contains(group);
  }

  /** Those that losses use and that move, in the order in which they were made. */
  public List<MetaParameter> moving() {
    return Collections.unmodifiableList(new ArrayList<>(moving.values()));
  }

  /** Present values by name. */
  public SortedMap<String, Double> values() {
    SortedMap<String, Double> values = new TreeMap<>();
    moving.values().forEach(p -> values.put(p.name(), p.value()));
    return values;
  }
}
