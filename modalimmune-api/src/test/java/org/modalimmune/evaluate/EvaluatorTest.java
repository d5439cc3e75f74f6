package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/** What a model is shown for each figure of a report. */
class EvaluatorTest {
  private static final int ROWS = 4000;
  private static final List<String> NAMES = List.of("a", "b");
  private static final PresencePattern FULL = PresencePattern.full(2);
  private static final PresencePattern A = PresencePattern.only(0, 2);
  private static final PresencePattern B = PresencePattern.only(1, 2);

  private static final List<FeatureMatrix> CLEAN = List.of(matrix("a", 2), matrix("b", 1));
  private static final int[] LABELS = new int[ROWS];

  private static FeatureMatrix matrix(String name, int columns) {
    RandomStream random = new RandomStream(RandomKey.of(3).fold(name));
    double[] values = new double[ROWS * columns];
    Arrays.setAll(values, i -> random.nextGaussian());
    List<String> names = new ArrayList<>();
    for (int j = 0; j < columns; j++) {
      names.add(name + j);
    }
    return FeatureMatrix.of(names, values);
  }

  /** Remembers what it is shown. */
  private static final class Witness implements MultimodalPredictor {
    private final List<List<Presentation>> shown = new ArrayList<>();
    private final List<List<FeatureMatrix>> rows = new ArrayList<>();
    private final List<Presentation> reconstructed = new ArrayList<>();

    @Override
    public int classes() {
      return 2;
    }

    @Override
    public boolean supports(Presentation presentation) {
      return true;
    }

    @Override
    public List<double[]> probabilities(
        List<FeatureMatrix> features, List<Presentation> presentations) {
      shown.add(presentations);
      rows.add(features);
      double[] even = new double[2 * ROWS];
      Arrays.fill(even, 0.5);
      return presentations.stream().map(p -> even).toList();
    }

    @Override
    public Optional<double[]> reconstruct(
        List<FeatureMatrix> features, Presentation presentation, int modality) {
      reconstructed.add(presentation);
      double[] half = CLEAN.get(modality).toArray();
      Arrays.setAll(half, i -> half[i] / 2);
      return Optional.of(half);
    }
  }

  private static SeedResult evaluate(Witness model, long seed) {
    return new Evaluator(NAMES, CLEAN, LABELS, PresencePattern.all(2)).evaluate(model, seed, 1, 1);
  }

  @Test
  void everyPatternIsToldAndEveryIncompleteOneSilent() {
    Witness model = new Witness();
    SeedResult result = evaluate(model, 1);
    assertEquals(
        Set.of(Presentation.told(FULL), Presentation.told(A), Presentation.told(B)),
        Set.copyOf(model.shown.get(0)));
    assertEquals(
        Set.of(new Presentation(FULL, A), new Presentation(FULL, B)),
        Set.copyOf(model.shown.get(1)));
    assertEquals(Set.of(FULL, A, B), result.told().keySet());
    assertEquals(Set.of(A, B), result.silent().keySet());
  }

  @Test
  void noiseOfEachLevelFallsOnOneModality() {
    Witness model = new Witness();
    evaluate(model, 1);
    double[] levels = {1, 2, 4};
    for (int m = 0; m < 2; m++) {
      for (int k = 0; k < levels.length; k++) {
        // two calls for the patterns; then per modality three levels and the shuffle
        int call = 2 + 4 * m + k;
        assertEquals(List.of(Presentation.told(FULL)), model.shown.get(call));
        List<FeatureMatrix> rows = model.rows.get(call);
        assertArrayEquals(CLEAN.get(1 - m).toArray(), rows.get(1 - m).toArray());
        double[] before = CLEAN.get(m).toArray();
        double[] after = rows.get(m).toArray();
        double square = 0;
        double sum = 0;
        for (int i = 0; i < before.length; i++) {
          sum += after[i] - before[i];
          square += (after[i] - before[i]) * (after[i] - before[i]);
        }
        int n = before.length;
        // five standard deviations of a mean and of a variance of n Gaussian draws
        assertEquals(0, sum / n, 5 * levels[k] / Math.sqrt(n));
        double variance = levels[k] * levels[k];
        assertEquals(variance, square / n, 5 * variance * Math.sqrt(2.0 / n));
      }
    }
  }

  @Test
  void shufflingPermutesWholeRowsOfOneModality() {
    Witness model = new Witness();
    evaluate(model, 1);
    for (int m = 0; m < 2; m++) {
      List<FeatureMatrix> rows = model.rows.get(2 + 4 * m + 3);
      assertArrayEquals(CLEAN.get(1 - m).toArray(), rows.get(1 - m).toArray());
      List<List<Double>> before = rowsOf(CLEAN.get(m));
      List<List<Double>> after = rowsOf(rows.get(m));
      assertEquals(Set.copyOf(before), Set.copyOf(after));
      int stayed = 0;
      for (int i = 0; i < ROWS; i++) {
        stayed += before.get(i).equals(after.get(i)) ? 1 : 0;
      }
      // fixed points of a random permutation: one on average, above 20 with probability 1e-19
      assertEquals(0, stayed, 20);
    }
  }

  private static List<List<Double>> rowsOf(FeatureMatrix x) {
    List<List<Double>> rows = new ArrayList<>();
    for (int i = 0; i < x.rows(); i++) {
      List<Double> row = new ArrayList<>();
      for (int j = 0; j < x.columns(); j++) {
        row.add(x.get(i, j));
      }
      rows.add(row);
    }
    return rows;
  }

  @Test
  void aModalityIsReconstructedFromTheOthersAlone() {
    Witness model = new Witness();
    SeedResult result = evaluate(model, 1);
    assertEquals(List.of(Presentation.told(B), Presentation.told(A)), model.reconstructed);
    // half of each value misses half of it: 1 - 1/4, but for the columns' means
    assertEquals(0.75, result.reconstruction().get("a"), 1e-3);
    assertEquals(Set.of("a", "b"), result.reconstruction().keySet());
  }

  @Test
  void theSeedAloneNamesTheCorruptions() {
    Witness first = new Witness();
    Witness again = new Witness();
    Witness other = new Witness();
    evaluate(first, 7);
    evaluate(again, 7);
    evaluate(other, 8);
    for (int call = 2; call < 10; call++) {
      int m = (call - 2) / 4;
      double[] values = first.rows.get(call).get(m).toArray();
      assertArrayEquals(values, again.rows.get(call).get(m).toArray());
      assertFalse(Arrays.equals(values, other.rows.get(call).get(m).toArray()));
    }
  }
}
