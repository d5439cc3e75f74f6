package org.modalimmune.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClassificationMetricsTest {

  /** Labels 0,0,0,1,1,2; predictions 0,0,1,1,0,2 of three classes, one-hot at 0.8. */
  private static final int[] LABELS = {0, 0, 0, 1, 1, 2};

  private static final int[] PREDICTED = {0, 0, 1, 1, 0, 2};

  private static double[] soft(int[] predicted, int classes, double top) {
    double[] p = new double[predicted.length * classes];
    for (int i = 0; i < predicted.length; i++) {
      for (int c = 0; c < classes; c++) {
        p[i * classes + c] = c == predicted[i] ? top : (1 - top) / (classes - 1);
      }
    }
    return p;
  }

  @Test
  void figuresWorkedByHand() {
    var m = ClassificationMetrics.of(soft(PREDICTED, 3, 0.8), LABELS, 3);
    assertEquals(4.0 / 6, m.accuracy(), 1e-15);
    assertEquals((2.0 / 3 + 1.0 / 2 + 1) / 3, m.balancedAccuracy(), 1e-15);
    // F1: 2*2/(3+3), 2*1/(2+2), 2*1/(1+1)
    assertEquals((4.0 / 6 + 2.0 / 4 + 1) / 3, m.f1Macro(), 1e-15);
    assertEquals(-(4 * Math.log(0.8) + 2 * Math.log(0.1)) / 6, m.crossEntropy(), 1e-15);
    var confusion = ConfusionMatrix.of(PREDICTED, LABELS, 3);
    assertEquals(1, confusion.count(0, 1));
    assertEquals(1, confusion.count(1, 0));
    assertEquals(0, confusion.count(2, 0));
  }

  @Test
  void absentClassesAreLeftOutOfTheMeans() {
    // Class 3 neither occurs nor is predicted: nothing changes. Class 2 never occurs but is
    // predicted: no recall, an F1 of 0.
    var unused = ClassificationMetrics.of(soft(PREDICTED, 4, 0.8), LABELS, 4);
    assertEquals((2.0 / 3 + 1.0 / 2 + 1) / 3, unused.balancedAccuracy(), 1e-15);
    assertEquals((4.0 / 6 + 2.0 / 4 + 1) / 3, unused.f1Macro(), 1e-15);
    var spurious = ConfusionMatrix.of(new int[] {0, 2}, new int[] {0, 0}, 3);
    assertEquals(0.5, spurious.balancedAccuracy());
    assertEquals((2.0 / 3 + 0) / 2, spurious.f1Macro(), 1e-15);
  }

  @Test
  void tiesGoToTheLowestClassAndImpossibleLabelsCostTheFloor() {
    var m = ClassificationMetrics.of(new double[] {0, 0.5, 0.5, 1, 0, 0}, new int[] {1, 2}, 3);
    assertEquals(0.5, m.accuracy());
    assertEquals((-Math.log(0.5) - Math.log(1e-12)) / 2, m.crossEntropy(), 1e-12);
    var sure = ClassificationMetrics.of(new double[] {1 + 1e-7, 0}, new int[] {0}, 2);
    assertEquals(0.0, sure.crossEntropy());
  }

  @Property(tries = 200)
  void agreesWithDefinitionsCountedDirectly(
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 7) int classes,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] labels = random.ints(rows, 0, classes).toArray();
    int[] predicted = random.ints(rows, 0, classes).toArray();
    var m = ConfusionMatrix.of(predicted, labels, classes);
    double correct = 0;
    double recall = 0;
    double f1 = 0;
    int occurring = 0;
    int defined = 0;
    for (int c = 0; c < classes; c++) {
      int tp = 0;
      int fp = 0;
      int fn = 0;
      for (int i = 0; i < rows; i++) {
        tp += labels[i] == c && predicted[i] == c ? 1 : 0;
        fp += labels[i] != c && predicted[i] == c ? 1 : 0;
        fn += labels[i] == c && predicted[i] != c ? 1 : 0;
      }
      correct += tp;
      if (tp + fn > 0) {
        occurring++;
        recall += tp / (double) (tp + fn);
      }
      if (tp + fp + fn > 0) {
        defined++;
        f1 += tp == 0 ? 0 : 2 / ((tp + fp) / (double) tp + (tp + fn) / (double) tp);
      }
    }
    assertEquals(correct / rows, m.accuracy(), 1e-12);
    assertEquals(recall / occurring, m.balancedAccuracy(), 1e-12);
    assertEquals(f1 / defined, m.f1Macro(), 1e-12);
  }

  @Test
  void badInputIsRefusedWithItsPlace() {
    refused("sum to", new double[] {2.5, -0.5 + 0.5}, new int[] {0}, 2);
    refused("sample 0, class 1 is NaN", new double[] {1, Double.NaN}, new int[] {0}, 2);
    refused("is -0.5", new double[] {1.5, -0.5}, new int[] {0}, 2);
    refused("sum to", new double[] {Double.POSITIVE_INFINITY, 0}, new int[] {0}, 2);
    refused("label 2 of sample 0", new double[] {1, 0}, new int[] {2}, 2);
    refused("need 4 probabilities, got 2", new double[] {1, 0}, new int[] {0, 1}, 2);
    refused("no samples", new double[0], new int[0], 2);
    assertThrows(IllegalArgumentException.class, () -> new ClassificationMetrics(1.1, 0, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new ClassificationMetrics(1, 0, 0, Double.NaN));
  }

  private static void refused(String part, double[] p, int[] labels, int classes) {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> ClassificationMetrics.of(p, labels, classes));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
