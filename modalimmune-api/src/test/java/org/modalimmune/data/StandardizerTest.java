package org.modalimmune.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.io.DataException;

class StandardizerTest {

  @Test
  void figuresWorkedByHand() {
    FeatureMatrix train =
        FeatureMatrix.of(
            List.of("flat", "x", "y"), new double[] {7, 1, 10, 7, 2, 10, 7, 3, 10, 7, 6, 50});
    ModalityStandardizer fitted = ModalityStandardizer.fit("m", train);
    assertEquals(List.of("flat"), fitted.droppedColumns());
    assertArrayEquals(new int[] {1, 2}, fitted.keptColumns());
    assertArrayEquals(new double[] {3, 20}, fitted.mean(), 1e-15);
    assertArrayEquals(new double[] {Math.sqrt(3.5), Math.sqrt(300)}, fitted.std(), 1e-14);
    FeatureMatrix out =
        fitted.transform(
            FeatureMatrix.of(List.of("flat", "x", "y"), new double[] {9, 3, -1000, 0, 1e9, 20}));
    assertEquals(List.of("x", "y"), out.columnNames());
    assertArrayEquals(new double[] {0, -5, 5, 0}, out.toArray());
  }

  @Test
  void absentRowsNeitherCountNorGetValues() {
    FeatureMatrix train =
        FeatureMatrix.of(
            List.of("x"), new double[] {1, Double.NaN, 3}, new boolean[] {true, false, true});
    ModalityStandardizer fitted = ModalityStandardizer.fit("m", train);
    assertArrayEquals(new double[] {2}, fitted.mean());
    assertArrayEquals(new double[] {1}, fitted.std());
    FeatureMatrix out = fitted.transform(train);
    assertArrayEquals(new double[] {-1, 0, 1}, out.toArray());
    assertFalse(out.isPresent(1));
    assertTrue(out.isPresent(2));
  }

  /**
   * With the shift by the first value, sums run over deviations d; the first-order bound of a mean
   * of n such sums is n u max|d| and of the variance (n + 2) u relative, u = 2^-53.
   */
  @Property(tries = 200)
  void momentsAgreeWithExactArithmetic(
      @ForAll @IntRange(min = 2, max = 60) int n,
      @ForAll @IntRange(min = 0, max = 9) int exponent,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] values = random.doubles(n).map(v -> Math.pow(10, exponent) + v).toArray();
    // apart, so that no draw is constant but for rounding, which would be refused
    values[0] = Math.pow(10, exponent);
    values[1] = values[0] + 0.75;
    ModalityStandardizer fitted =
        ModalityStandardizer.fit("m", FeatureMatrix.of(List.of("x"), values));
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value));
    }
    BigDecimal mean = sum.divide(BigDecimal.valueOf(n), new MathContext(60));
    BigDecimal squares = BigDecimal.ZERO;
    for (double value : values) {
      squares = squares.add(new BigDecimal(value).subtract(mean).pow(2));
    }
    double variance = squares.divide(BigDecimal.valueOf(n), new MathContext(60)).doubleValue();
    double u = 0x1p-53;
    double exactMean = mean.doubleValue();
    assertEquals(exactMean, fitted.mean()[0], (n + 2) * u * 1.0 + 2 * u * Math.abs(exactMean));
    double got = fitted.std()[0] * fitted.std()[0];
    assertEquals(variance, got, (n + 8) * u * variance + 4 * u * u * n * n);
  }

  /**
   * A mean that is off by e shifts every score by e / std, and the mean of their squares by the
   * square of that; e is at most (n + 2) u times the spread, 40, and 2 u times the mean, below 43.
   * The deviation is right to (n + 8) u / 2 relatively, each score to three roundings more, and the
   * sums here to n.
   */
  @Property(tries = 100)
  void trainingRowsComeOutWithMeanZeroAndDeviationOne(
      @ForAll @IntRange(min = 2, max = 26) int n, @ForAll long seed) {
    // With n <= 26 no score can pass sqrt(n - 1) = 5, so nothing is clipped.
    Random random = new Random(seed);
    double[] values = random.doubles(n).map(v -> 40 * v + 3).toArray();
    // apart, so that the deviation is at least 2 / sqrt(2 n)
    values[0] = 3;
    values[1] = 5;
    FeatureMatrix train = FeatureMatrix.of(List.of("x"), values);
    double[] out = ModalityStandardizer.fit("m", train).transform(train).toArray();
    double sum = 0;
    double squares = 0;
    for (double score : out) {
      sum += score;
      squares += score * score;
    }
    double u = 0x1p-53;
    double shift = ((n + 2) * u * 40 + 2 * u * 43) * Math.sqrt(2.0 * n) / 2;
    // the mean magnitude of scores is at most 1
    assertEquals(0, sum / n, shift + (n + 3) * u);
    assertEquals(1, squares / n, shift * shift + 2 * (n + 8) * u);
  }

  @Test
  void figuresFromAModelFileGiveTheSameTransform() {
    FeatureMatrix train =
        FeatureMatrix.of(List.of("x", "c", "y"), new double[] {1, 0, 4, 2, 0, 9, 4, 0, 1});
    ModalityStandardizer fitted = ModalityStandardizer.fit("m", train);
    ModalityStandardizer restored =
        ModalityStandardizer.of(fitted.input(), fitted.keptColumns(), fitted.mean(), fitted.std());
    assertEquals(fitted.output(), restored.output());
    assertArrayEquals(fitted.transform(train).toArray(), restored.transform(train).toArray());
    Modality input = fitted.input();
    double[] one = {1, 1};
    assertThrows(
        DataException.class, () -> ModalityStandardizer.of(input, new int[] {2, 0}, one, one));
    assertThrows(
        DataException.class, () -> ModalityStandardizer.of(input, new int[] {0, 3}, one, one));
    assertThrows(
        DataException.class,
        () -> ModalityStandardizer.of(input, new int[] {0, 2}, one, new double[] {1, 0}));
    assertThrows(
        DataException.class, () -> ModalityStandardizer.of(input, new int[] {0}, one, one));
  }

  @Test
  void aSpreadOfOneUnitInTheLastPlaceIsRoundingAndOneOfAThousandIsNot() {
    double above = 0.3 + Math.ulp(0.3);
    FeatureMatrix rounding = FeatureMatrix.of(List.of("x"), new double[] {0.3, above, 0.3});
    assertThrows(DataException.class, () -> ModalityStandardizer.fit("m", rounding));
    double far = 0.3 + 1000 * Math.ulp(0.3);
    FeatureMatrix signal = FeatureMatrix.of(List.of("x"), new double[] {0.3, far});
    assertArrayEquals(
        new double[] {-1, 1}, ModalityStandardizer.fit("m", signal).transform(signal).toArray());
  }

  @Test
  void nothingUsableAndOtherColumnsAreRefused() {
    FeatureMatrix flat = FeatureMatrix.of(List.of("x"), new double[] {0.1, 0.1, 0.1});
    assertThrows(DataException.class, () -> ModalityStandardizer.fit("m", flat));
    FeatureMatrix absent = FeatureMatrix.absent(List.of("x"), 3);
    assertThrows(DataException.class, () -> ModalityStandardizer.fit("m", absent));
    FeatureMatrix huge = FeatureMatrix.of(List.of("x"), new double[] {1e300, -1e300});
    assertThrows(DataException.class, () -> ModalityStandardizer.fit("m", huge));
    ModalityStandardizer fitted =
        ModalityStandardizer.fit("m", FeatureMatrix.of(List.of("x"), new double[] {1, 2}));
    assertThrows(
        DataException.class,
        () -> fitted.transform(FeatureMatrix.of(List.of("y"), new double[] {1, 2})));
  }

  @Test
  void allModalitiesOfASplitGoTogether() {
    List<Modality> modalities =
        List.of(new Modality("a", List.of("x")), new Modality("b", List.of("y")));
    MultimodalSplit split =
        new MultimodalSplit(
            modalities,
            List.of(
                FeatureMatrix.of(List.of("x"), new double[] {1, 3}),
                FeatureMatrix.of(List.of("y"), new double[] {5, 9})),
            new int[] {0, 1},
            List.of("1", "2"),
            Optional.empty());
    Standardizer fitted = Standardizer.fit(split);
    assertEquals(modalities, fitted.input());
    assertArrayEquals(new double[] {-1, 1}, fitted.transform(split).get(1).toArray());
    MultimodalSplit other =
        MultimodalSplit.unlabelled(
            modalities.subList(0, 1), split.features().subList(0, 1), List.of("1", "2"));
    assertThrows(DataException.class, () -> fitted.transform(other));
  }
}
