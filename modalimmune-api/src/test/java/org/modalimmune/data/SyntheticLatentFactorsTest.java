package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.modalimmune.io.DataException;

class SyntheticLatentFactorsTest {

  @Test
  void theDefaultSetHasItsStatedSizesAndIsReproducible() {
    SyntheticLatentFactors synthetic = SyntheticLatentFactors.defaults();
    MultimodalDataset data = synthetic.dataset();
    MultimodalSplit test = data.testData().split();
    assertEquals(List.of("strong", "medium", "weak"), data.schema().modalityNames());
    assertEquals(4000, test.rows());
    assertEquals(16, test.features(2).columns());
    for (int c = 0; c < 4; c++) {
      int label = c;
      assertEquals(1000, Arrays.stream(test.labels()).filter(v -> v == label).count());
    }
    MultimodalSplit again = SyntheticLatentFactors.defaults().dataset().testData().split();
    assertArrayEquals(test.labels(), again.labels());
    assertArrayEquals(test.features(0).toArray(), again.features(0).toArray());
  }

  /** The bits themselves: the set must not change from machine to machine or release to release. */
  @Test
  void theFirstValuesAreFixed() {
    FeatureMatrix strong =
        SyntheticLatentFactors.defaults().dataset().testData().split().features(0);
    assertEquals(FIRST, strong.get(0, 0));
    assertEquals(LAST, strong.get(3999, 31));
  }

  private static final double FIRST = 1.3328198750749318;
  private static final double LAST = -1.257624634549376;

  @Test
  void theDefaultCeilingsAreThoseThatAreStated() {
    BayesCeilings ceilings = SyntheticLatentFactors.defaults().ceilings();
    assertEquals(0.925, ceilings.accuracy(7), 0.001);
    assertEquals(0.739, ceilings.robustMean(), 0.001);
    assertEquals(0.511, ceilings.robustWorst(), 0.001);
    for (int mask = 0; mask < 8; mask++) {
      assertTrue(ceilings.accuracyStandardError(mask) < 0.001);
    }
    assertEquals(0.25, ceilings.accuracy(0), 1e-12);
    // A plain sum of 2^18 equal terms errs by at most 2^18 x 2^-53 relatively, below 1e-10.
    assertEquals(Math.log(4), ceilings.crossEntropy(0), 1e-10);
  }

  @Test
  void moreModalitiesNeverLowerACeiling() {
    BayesCeilings ceilings = SyntheticLatentFactors.defaults().ceilings();
    for (int mask = 0; mask < 8; mask++) {
      for (int m = 0; m < 3; m++) {
        int more = mask | 1 << m;
        // The draws are shared, but not monotone sample by sample: three standard errors.
        double slack = 3 * ceilings.accuracyStandardError(mask);
        assertTrue(ceilings.accuracy(more) >= ceilings.accuracy(mask) - slack);
        for (int target = 0; target < 3; target++) {
          assertTrue(
              ceilings.reconstruction(target, more)
                  >= ceilings.reconstruction(target, mask) - 1e-3);
        }
      }
      assertEquals(mask % 2, ceilings.reconstruction(0, mask) == 1 ? 1 : 0);
    }
  }

  /** Two classes: the Bayes rule is right with probability Phi(delta / 2), delta Mahalanobis. */
  @Test
  void twoClassesAgreeWithTheClosedForm() {
    double[][] covariance = {{2, 0.5, 0.3}, {0.5, 1, -0.2}, {0.3, -0.2, 1.5}};
    double[][] means = {{0, 0, 0}, {1, -0.5, 2}};
    BayesCeilings ceilings =
        new BayesCeilings(means, covariance, new int[] {1, 1, 1}, new SplitMix64(11));
    checkTwoClasses(ceilings, 1, 1 / 2.0);
    checkTwoClasses(ceilings, 2, 0.25);
    checkTwoClasses(ceilings, 4, 4 / 1.5);
    // Inverse of [[2, .5], [.5, 1]] is [[1, -.5], [-.5, 2]] / 1.75; difference (1, -.5).
    checkTwoClasses(ceilings, 3, (1 + 0.5 + 0.5) / 1.75);
  }

  private static void checkTwoClasses(BayesCeilings ceilings, int mask, double deltaSquared) {
    double expected = normalCdf(Math.sqrt(deltaSquared) / 2);
    assertEquals(expected, ceilings.accuracy(mask), 4 * ceilings.accuracyStandardError(mask));
  }

  /** Simpson's rule; its error for this integrand is below 1e-12 at 2000 steps. */
  private static double normalCdf(double x) {
    int steps = 2000;
    double h = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-0.5 * (i * h) * (i * h));
    }
    return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
  }

  /** One Gaussian (equal means): R squared is the squared correlation. */
  @Test
  void reconstructionAgreesWithTheSquaredCorrelation() {
    double[][] covariance = {{4, 1.2}, {1.2, 1}};
    BayesCeilings ceilings =
        new BayesCeilings(new double[2][2], covariance, new int[] {1, 1}, new SplitMix64(1));
    assertEquals(0.36, ceilings.reconstruction(0, 2), 1e-12);
    assertEquals(0.36, ceilings.reconstruction(1, 1), 1e-12);
    assertEquals(0, ceilings.reconstruction(1, 0), 1e-12);
    assertEquals(0.5, ceilings.accuracy(3), 1e-12);
  }

  /**
   * The dense Bayes rule, with the parameters written out in full dimension and inverted by another
   * algorithm, applied to rows of the set: its accuracy and its reconstruction error must come out
   * at the ceilings, within four binomial standard errors of the sample (and of R squared).
   */
  @Test
  void theDenseBayesRuleReachesTheCeilingOnTheRows() {
    SyntheticLatentFactors synthetic =
        new SyntheticLatentFactors(LatentFactorOptions.defaults().withRows(8, 6000));
    BayesCeilings ceilings = synthetic.ceilings();
    MultimodalSplit rows = synthetic.dataset().testData().split();
    for (int mask = 1; mask < 8; mask++) {
      DenseBayesRule rule =
          new DenseBayesRule(
              synthetic.classMeans(), synthetic.covariance(), new int[] {32, 24, 16}, mask);
      double accuracy = rule.accuracy(rows);
      double ceiling = ceilings.accuracy(mask);
      double error = Math.sqrt(ceiling * (1 - ceiling) / rows.rows());
      assertEquals(ceiling, accuracy, 4 * error, "pattern " + mask);
      for (int m = 0; m < 3; m++) {
        if ((mask >> m & 1) == 0) {
          // Each column's ratio of chi-squares has relative deviation below sqrt(4 / rows).
          double deviation = Math.sqrt(4.0 / rows.rows());
          assertEquals(
              ceilings.reconstruction(m, mask), rule.reconstruction(rows, m), 4 * deviation);
        }
      }
    }
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    LatentFactorOptions options = LatentFactorOptions.defaults();
    assertThrows(DataException.class, () -> options.withRows(7, 4));
    assertThrows(DataException.class, () -> new LatentFactorOptions.View("v", 0, 1, 1, 1, 1, 1));
    assertThrows(DataException.class, () -> new LatentFactorOptions.View("v", 1, 1, 1, 1, 1, 0));
    assertThrows(DataException.class, () -> new LatentFactorOptions(1, 10, 10, 2, 1, 1, List.of()));
  }
}
