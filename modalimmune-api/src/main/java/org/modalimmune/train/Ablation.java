package org.modalimmune.train;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.modalimmune.evaluate.FactorialDesign;
import org.modalimmune.evaluate.MethodPair;

/**
 * The immune method with every subset of some operators on and the others of them off: 2^k methods
 * that differ in nothing else. Operators that are no factor stay as the options have them.
 */
public final class Ablation {
  private static final String NOTHING = "none";
  private static final String EVERYTHING = "all";

  private static final String MASKING_NEEDS_COLLAPSE =
      "masking has nothing to mask where collapse is off, and changes nothing there: its effect"
          + " added alone is 0, and its main effect is half of its effect where collapse is on";

  private final List<Operator> factors;
  private final ImmuneOptions everything;

  /**
   * An ablation.
   *
   * @param options with every operator as it is when on; a factor that is off in them takes its
   *     default
   * @param operators the factors, at least one
   * @throws IllegalArgumentException if there are none
   */
  public Ablation(ImmuneOptions options, Set<Operator> operators) {
    if (operators.isEmpty()) {
      throw new IllegalArgumentException("ablation: needs at least one operator");
    }
    this.factors = List.copyOf(EnumSet.copyOf(operators));
    ImmuneOptions on = options;
    for (Operator factor : factors) {
      on = factor.on(on);
    }
    this.everything = on;
  }

  /** The factors in the order of the enum. */
  public List<Operator> factors() {
    return factors;
  }

  /** The options of a combination; factor j is on exactly if bit j is set. */
  public ImmuneOptions options(int combination) {
    ImmuneOptions options = everything;
    for (int j = 0; j < factors.size(); j++) {
      if ((combination >>> j & 1) == 0) {
        options = factors.get(j).off(options);
      }
    }
    return options;
  }

  /** Factors and names of the methods. */
  public FactorialDesign design() {
    List<String> runs = new ArrayList<>();
    for (int s = 0; s < 1 << factors.size(); s++) {
      runs.add(name(s));
    }
    return new FactorialDesign(factors.stream().map(Operator::reportName).toList(), runs);
  }

  /** The methods in the order of the design: nothing first, everything last. */
  public List<TrainingMethod> methods() {
    List<TrainingMethod> methods = new ArrayList<>();
    for (int s = 0; s < 1 << factors.size(); s++) {
      ImmuneOptions options = options(s);
      methods.add(
          new SingleModelMethod(
              name(s), description(s), context -> new ImmuneObjective(options, context)));
    }
    return methods;
  }

  /**
   * What to compare: everything with nothing, and both with each reference.
   *
   * @param methods those of {@link #methods()} and any others, the references
   */
  public List<MethodPair> comparisons(List<TrainingMethod> methods) {
    List<String> runs = design().runs();
    List<MethodPair> pairs = new ArrayList<>();
    pairs.add(new MethodPair(runs.getLast(), runs.getFirst()));
    for (TrainingMethod method : methods) {
      if (!runs.contains(method.name())) {
        pairs.add(new MethodPair(runs.getLast(), method.name()));
        pairs.add(new MethodPair(runs.getFirst(), method.name()));
      }
    }
    return pairs;
  }

  /** What a reader of the effects must know; may be empty. */
  public List<String> notes() {
    return factors.contains(Operator.MASKING) && factors.contains(Operator.COLLAPSE)
        ? List.of(MASKING_NEEDS_COLLAPSE)
        : List.of();
  }

  private String name(int combination) {
    if (combination == 0) {
      return NOTHING;
    }
    boolean all = combination == (1 << factors.size()) - 1;
    return all && factors.size() > 1 ? EVERYTHING : joined(combination, "+");
  }

  private String description(int combination) {
    int off = ~combination & (1 << factors.size()) - 1;
    String on = combination == 0 ? "with none of the factors" : "with " + joined(combination, ", ");
    return "the immune method " + on + (off == 0 ? "" : "; off: " + joined(off, ", "));
  }

  private String joined(int combination, String separator) {
    List<String> names = new ArrayList<>();
    for (int j = 0; j < factors.size(); j++) {
      if ((combination >>> j & 1) == 1) {
        names.add(factors.get(j).reportName());
      }
    }
    return String.join(separator, names);
  }
}
