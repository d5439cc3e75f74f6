package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.nn.GoldenVectors;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Every intervention against {@code spec/vectors/interventions.json}. */
public abstract class GoldenInterventionsContract extends OperatorContract {
  private static final List<GoldenVectors.Case> CASES = GoldenVectors.read("interventions");
  private static final Map<String, Double> SEVERITIES =
      Map.of("Untouched", 0.0, "Half", 0.5, "Gone", 1.0);

  @Test
  void omission() {
    everywhere("omission", fixed -> Replacement.omission());
  }

  @Test
  void gaussian() {
    everywhere("gaussian", fixed -> Replacement.gaussian());
  }

  @Test
  void shuffle() {
    everywhere("shuffle", fixed -> Replacement.shuffle());
  }

  @Test
  void constant() {
    everywhere("constant", Replacement::constant);
  }

  @Test
  void spectralShrink() {
    everywhere("shrink", fixed -> new SpectralShrink());
  }

  /** Makes the intervention, given the fixed embedding of the case. */
  private interface Kind {
    Intervention of(Variable fixed);
  }

  private void everywhere(String name, Kind kind) {
    onTape(tape -> CASES.forEach(c -> compare(tape, name, kind, c)));
  }

  private static void compare(Tape tape, String name, Kind kind, GoldenVectors.Case c) {
    DType dtype = c.size("bits") == 32 ? DType.FLOAT32 : DType.FLOAT64;
    RandomKey key = RandomKey.of(c.size("seed"));
    Variable z = tape.leaf(c.tensor(tape.scope(), dtype, "z"));
    Variable fixed = tape.leaf(c.tensor(tape.scope(), dtype, "fixed"));
    Variable weights = tape.constant(c.tensor(tape.scope(), dtype, "weights"));
    Intervention intervention = kind.of(fixed);
    String entry = name.equals("shrink") && mirrored(c, z) ? "mirrored" : name;
    double u = dtype.unitRoundoff();
    double m = magnitude(c, entry);
    double bound = operations(c, name) * u * m * m;
    SEVERITIES.forEach(
        (suffix, s) ->
            c.assertWithin(entry + suffix, intervention.apply(z, s, key).tensor(), bound));

    Variable half = tape.leaf(tape.scope().of(dtype, Shape.of(), 0.5));
    Variable sum = Reduction.dot(intervention.apply(z, half, key), weights);
    List<Variable> slopes = Gradients.of(sum, List.of(z, half, fixed));
    int rows = (int) z.shape().dim(0);
    c.assertWithin(entry + "Gradient", slopes.getFirst().tensor(), 8 * u * m);
    // as many products as elements are added, each with the error of the result
    int count = c.values("z").length;
    double expected = c.values(entry + "Slope")[0];
    double slope = slopes.get(1).tensor().item();
    assertEquals(expected, slope, count * m * (bound + (count + 8) * u * 2 * m), c.name());
    Tensor ofFixed = slopes.get(2).tensor();
    if (name.equals("constant")) {
      c.assertWithin("constantGradientFixed", ofFixed, (rows + 4) * rows * u * m);
    }
  }

  /** Whether the leading direction found is the negative of the one written down. */
  private static boolean mirrored(GoldenVectors.Case c, Variable z) {
    double[] found = new StableRank().analyse(z.detach()).direction();
    return HostVectors.dot(found, c.values("direction")) < 0;
  }

  /** Roundings up to the result, as {@code spec/tolerances.md} counts them in section 12.2. */
  private static double operations(GoldenVectors.Case c, String name) {
    Shape shape = c.tensors().get("z").shape();
    long rows = shape.dim(0);
    return switch (name) {
      case "gaussian" -> 3 * rows + 28;
      case "shrink" ->
          rows + 25 + 2 * Math.sqrt((double) shape.dim(1)) * 256 * (c.number("condition") + 0.5);
      default -> 4;
    };
  }

  /** The larger of 1 and the largest element that enters or leaves. */
  private static double magnitude(GoldenVectors.Case c, String entry) {
    double largest = 1;
    for (String key : List.of("z", "weights", "fixed", entry + "Half", entry + "Gone")) {
      for (double v : c.values(key)) {
        largest = Math.max(largest, Math.abs(v));
      }
    }
    return largest;
  }
}
