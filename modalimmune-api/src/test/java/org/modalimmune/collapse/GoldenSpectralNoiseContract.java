package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
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

/** Spectral noise against {@code spec/vectors/spectral_noise.json}. */
public abstract class GoldenSpectralNoiseContract extends OperatorContract {
  private static final List<GoldenVectors.Case> CASES = GoldenVectors.read("spectral_noise");

  @Test
  void withinClassCovariance() {
    onTape(
        tape -> {
          for (GoldenVectors.Case c : CASES) {
            int[] labels = Arrays.stream(c.values("labels")).mapToInt(v -> (int) v).toArray();
            Tensor x = c.tensor(tape.scope(), type(c), "x");
            double size = largest(c, "x");
            double rows = labels.length;
            double freedom = Math.max(1, rows - Arrays.stream(labels).distinct().count());
            double bound = rows * (8 * rows + 20) / freedom * size * size;
            c.assertWithin(
                "covariance",
                WithinClassCovariance.of(tape.ops(), x, labels, c.size("classes")),
                bound * type(c).unitRoundoff());
          }
        });
  }

  @Test
  void withTheCholeskyFactor() {
    everywhere("cholesky");
  }

  @Test
  void withTheEigenvectorForm() {
    everywhere("eigen");
  }

  private void everywhere(String kind) {
    onTape(
        tape ->
            CASES.stream()
                .filter(c -> c.tensors().containsKey(kind + "Factor"))
                .forEach(c -> compare(tape, kind, c)));
  }

  private static void compare(Tape tape, String kind, GoldenVectors.Case c) {
    DType dtype = type(c);
    Tensor covariance = c.tensor(tape.scope(), dtype, "covariance");
    boolean cholesky = kind.equals("cholesky");
    SpectralNoise noise =
        cholesky
            ? new SpectralNoise(tape.ops().cholesky(covariance))
            : SpectralNoise.ofCovariance(tape.ops(), covariance);
    Variable x = tape.leaf(c.tensor(tape.scope(), dtype, "x"));
    Variable a = tape.leaf(tape.ops().full(c.number("isotropic"), dtype, scalar()));
    Variable b = tape.leaf(tape.ops().full(c.number("spectral"), dtype, scalar()));
    Variable weights = tape.constant(c.tensor(tape.scope(), dtype, "weights"));
    Variable noisy = noise.perturb(x, a, b, RandomKey.of(c.size("seed")));

    double u = dtype.unitRoundoff();
    int n = (int) covariance.shape().dim(0);
    int count = c.values("x").length;
    double factor = factorError(c, kind, n) * u;
    double drawn = c.number("largestDraw");
    // one element of L e', and how far it may be off
    double shaped = n * drawn * largest(c, kind + "Factor");
    double off = n * drawn * factor + (n + 24) * u * shaped;
    double size = largest(c, "x") + c.number("isotropic") * drawn + c.number("spectral") * shaped;
    c.assertWithin(
        kind + "Noisy", noisy.tensor(), c.number("spectral") * off + (n + 24) * u * size);

    List<Variable> slopes = Gradients.of(Reduction.dot(noisy, weights), List.of(x, a, b));
    c.assertWithin("weights", slopes.getFirst().tensor(), 0);
    double w = count * largest(c, "weights");
    double[] expected = c.values(kind + "Slopes");
    String where = c.name() + " " + tape.backend();
    assertEquals(expected[0], slopes.get(1).tensor().item(), w * (count + 24) * u * drawn, where);
    assertEquals(
        expected[1], slopes.get(2).tensor().item(), w * (off + (count + 2) * u * shaped), where);
  }

  /** Error of one element of L in roundoffs: {@code spec/tolerances.md}, section 12.3. */
  private static double factorError(GoldenVectors.Case c, String kind, int n) {
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += c.values("covariance")[i * n + i];
    }
    double condition = c.number("condition");
    return Math.sqrt(trace)
        * n
        * (kind.equals("cholesky")
            ? (n + 2) * condition
            : 64 * (c.number("separation") + condition));
  }

  private static Shape scalar() {
    return Shape.of();
  }

  private static DType type(GoldenVectors.Case c) {
    return c.size("bits") == 32 ? DType.FLOAT32 : DType.FLOAT64;
  }

  private static double largest(GoldenVectors.Case c, String key) {
    return Arrays.stream(c.values(key)).map(Math::abs).max().orElseThrow();
  }
}
