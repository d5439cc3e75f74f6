package org.modalimmune.hypergradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modalimmune.hypergradient.Certificate.Bounded;
import org.modalimmune.io.JsonValue;
import org.modalimmune.io.JsonValue.JsonArray;
import org.modalimmune.io.JsonValue.JsonNumber;
import org.modalimmune.io.JsonValue.JsonObject;
import org.modalimmune.io.JsonValue.JsonString;

/** Against {@code spec/vectors/hypergradient.json}. */
class GoldenHyperGradientTest {
  private static final double U = 0x1p-53;

  static Stream<Case> solves() throws IOException {
    return cases().stream()
        .filter(
            c ->
                c.object.members().get("numbers") instanceof JsonObject o
                    && o.members().containsKey("method"));
  }

  static Stream<Case> published() throws IOException {
    return cases().stream().filter(c -> c.name().startsWith("published"));
  }

  static Stream<Case> lanczos() throws IOException {
    return cases().stream().filter(c -> c.name().startsWith("lanczos"));
  }

  @ParameterizedTest
  @MethodSource("solves")
  void termsBoundAndErrorAgree(Case c) {
    double[] v = c.values("v");
    SpectrumBounds spectrum = c.spectrum();
    SolverOptions options =
        SolverOptions.fixedTerms(
            List.of(Method.values()).get((int) c.number("method")), (int) c.number("terms"));
    if (c.number("step") > 0) {
      options = options.withStep(c.number("step"));
    }
    DenseOperator h = new DenseOperator(v.length, c.values("h"));
    InverseProduct result = CertifiedSolver.solve(h, v, spectrum, options);
    Bounded certificate = assertInstanceOf(Bounded.class, result.certificate());
    double[] q = result.solution();
    // each term's products and sums round n + 4 times, relative to upper |q|; 1 / mu carries that
    // to q, and the next terms do not enlarge it
    double rounding =
        (c.number("terms") + 1)
            * (v.length + 4)
            * U
            * spectrum.upper()
            / spectrum.lower()
            * (Euclidean.norm(c.values("q")) + Euclidean.norm(v) / spectrum.upper());
    assertTrue(distance(q, c.values("q")) <= rounding, () -> distance(q, c.values("q")) + "");
    // |v - H q| moves by upper times that
    double residualRounding = rounding * spectrum.upper();
    assertEquals(c.number("residualNorm"), certificate.residualNorm(), residualRounding);
    assertEquals(
        c.number("bound"),
        certificate.bound(),
        residualRounding / spectrum.lower()
            + certificate.roundingTerm()
            + 16 * U * c.number("bound"));
    assertTrue(c.number("error") <= certificate.bound() + rounding);
    assertTrue(
        distance(q, c.values("exact"))
            <= certificate.bound() * (1 + 1e-12) + U * Euclidean.norm(q));
  }

  @ParameterizedTest
  @MethodSource("published")
  void publishedSeriesAgrees(Case c) {
    double[] v = c.values("v");
    PublishedOperator a =
        new PublishedOperator(
            new DenseOperator(v.length, c.values("h")), c.number("step"), c.spectrum());
    int terms = (int) c.number("terms");
    InverseProduct result = a.solve(v, SolverOptions.fixedTerms(Method.NEUMANN, terms));
    Bounded certificate = assertInstanceOf(Bounded.class, result.certificate());
    // |A| <= 1: every term rounds a vector no longer than v some n + 4 times
    double rounding =
        (terms + 1) * (v.length + 4) * U * (Euclidean.norm(v) + Euclidean.norm(c.values("q")));
    assertTrue(distance(result.solution(), c.values("q")) <= rounding);
    assertEquals(
        c.number("bound"),
        certificate.bound(),
        rounding / a.spectrum().lower() + certificate.roundingTerm() + 64 * U * c.number("bound"));
    assertTrue(c.number("error") <= c.number("tailBound"));
    assertTrue(c.number("tailBound") <= a.tailBound(terms, v));
    assertEquals(c.number("tailBound"), a.tailBound(terms, v), 1e-13 * c.number("tailBound"));
  }

  @ParameterizedTest
  @MethodSource("lanczos")
  void lanczosErrorAgrees(Case c) {
    double eps =
        LanczosBound.relativeError(
            (int) c.number("n"), (int) c.number("steps"), c.number("failureProbability"));
    assertTrue(eps >= c.number("eps"));
    assertEquals(c.number("eps"), eps, 1e-13 * c.number("eps"));
  }

  @Test
  void hyperGradientAgreesWithinItsBounds() throws IOException {
    Case c =
        cases().stream().filter(x -> x.name().equals("hyper-gradient")).findFirst().orElseThrow();
    double[] v = c.values("v");
    DenseMixed mixed = new DenseMixed(v.length, c.values("mixed"));
    BilevelProblem problem =
        new BilevelProblem(
            new DenseOperator(v.length, c.values("h")), c.spectrum(), mixed, v, c.values("direct"));
    double[] expected = c.values("value");
    for (Method method : Method.values()) {
      for (double tolerance : new double[] {1e-13, 1e-3, 1}) {
        HyperGradient g = problem.solve(SolverOptions.adaptive(method, tolerance, 400));
        assertTrue(g.isCertified());
        double[] bounds = g.componentBounds().orElseThrow();
        for (int i = 0; i < expected.length; i++) {
          double rounded = Math.ulp(expected[i]);
          assertTrue(Math.abs(g.value()[i] - expected[i]) <= bounds[i] + rounded);
          assertTrue(bounds[i] <= 2.5 * tolerance + 1e-14);
        }
        assertTrue(bounds[2] <= U * Math.abs(expected[2]) * 1.01, "a zero row has rounding alone");
      }
    }
  }

  private static double distance(double[] a, double[] b) {
    double[] d = a.clone();
    Euclidean.addScaled(d, -1, b);
    return Euclidean.norm(d);
  }

  private static List<Case> cases() throws IOException {
    Path file = Path.of("..", "spec", "vectors", "hypergradient.json");
    JsonObject root = (JsonObject) JsonValue.parse(Files.readString(file));
    return ((JsonArray) root.members().get("cases"))
        .elements().stream().map(e -> new Case((JsonObject) e)).toList();
  }

  record Case(JsonObject object) {
    String name() {
      return ((JsonString) object.members().get("name")).value();
    }

    double number(String key) {
      JsonObject numbers = (JsonObject) object.members().get("numbers");
      return ((JsonNumber) numbers.members().get(key)).doubleValue();
    }

    double[] values(String key) {
      JsonObject tensors = (JsonObject) object.members().get("tensors");
      JsonObject entry = (JsonObject) tensors.members().get(key);
      return ((JsonArray) entry.members().get("values"))
          .elements().stream().mapToDouble(e -> ((JsonNumber) e).doubleValue()).toArray();
    }

    SpectrumBounds spectrum() {
      return SpectrumBounds.certain(number("lower"), number("upper"));
    }

    @Override
    public String toString() {
      return name();
    }
  }
}
