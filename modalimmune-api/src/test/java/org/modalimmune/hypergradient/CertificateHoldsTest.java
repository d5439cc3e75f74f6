package org.modalimmune.hypergradient;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.modalimmune.hypergradient.Certificate.Bounded;
import org.modalimmune.hypergradient.Certificate.Uncertified;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * The certificate is never below the true error: 100,000 problems, or a million in the Maven
 * profile {@code long}.
 */
class CertificateHoldsTest {
  private static final List<Method> METHODS = List.of(Method.values());
  private static final int TRIES = 100;
  private static final int PER_TRY =
      Math.max(1, Integer.getInteger("modalimmune.hypergradient.problems", 100_000) / (2 * TRIES));

  /** The computation of the true error itself, relative. */
  private static final double TRUTH = 1e-10;

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void atEveryNumberOfTerms(@ForAll long seed) {
    for (int i = 0; i < PER_TRY; i++) {
      RandomProblem p = RandomProblem.draw(seed + i);
      RandomStream random = new RandomStream(RandomKey.of(seed + i).fold("terms"));
      int terms = random.nextInt(random.nextInt(3) == 0 ? 301 : 20);
      Method method = METHODS.get(random.nextInt(METHODS.size()));
      InverseProduct result =
          CertifiedSolver.solve(
              p.h(), p.v(), p.spectrum(), SolverOptions.fixedTerms(method, terms));
      double error = p.error(result.solution());
      Bounded c =
          assertInstanceOf(
              Bounded.class,
              result.certificate(),
              () -> "seed " + seed + ": " + method + " " + p + result);
      assertTrue(
          error * (1 - TRUTH) <= c.bound(),
          () -> "seed " + seed + ": " + error + " > " + c + " " + method + " " + terms + " " + p);
      assertTrue(c.products() <= terms + 1);
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void whenItStopsByItself(@ForAll long seed) {
    int certified = 0;
    for (int i = 0; i < PER_TRY; i++) {
      RandomProblem p = RandomProblem.draw(seed + i);
      RandomStream random = new RandomStream(RandomKey.of(seed + i).fold("tolerance"));
      Method method = METHODS.get(random.nextInt(METHODS.size()));
      double size = Euclidean.norm(p.v()) / p.spectrum().lower();
      double tolerance = size * Math.pow(10, -16 * random.nextDouble());
      int budget = random.nextInt(300);
      InverseProduct result =
          CertifiedSolver.solve(
              p.h(), p.v(), p.spectrum(), SolverOptions.adaptive(method, tolerance, budget));
      assertTrue(result.certificate().products() <= budget);
      switch (result.certificate()) {
        case Bounded c -> {
          certified++;
          double error = p.error(result.solution());
          assertTrue(c.bound() <= tolerance);
          assertTrue(
              error * (1 - TRUTH) <= c.bound(),
              () -> "seed " + seed + ": " + error + " > " + c + " " + method + " " + p);
        }
        case Uncertified u ->
            assertTrue(
                u.reason() == Certificate.Reason.BUDGET_EXHAUSTED
                    || u.reason() == Certificate.Reason.ROUNDING_FLOOR,
                () -> "seed " + seed + ": " + u + " " + method + " " + p);
      }
    }
    // a solver that never certifies would pass the rest
    assertTrue(certified >= PER_TRY / 5, certified + " of " + PER_TRY);
  }
}
