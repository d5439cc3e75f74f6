package org.modalimmune.jmh;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.modalimmune.jmh.peer.MatmulRival;
import org.modalimmune.jmh.peer.Product;
import org.modalimmune.jmh.peer.Rivals;
import org.modalimmune.jmh.setup.Agreement;
import org.modalimmune.jmh.setup.DisagreementException;
import org.modalimmune.tensor.DType;

/** Wrong results are found before they are timed. */
final class DisagreementTest {
  @Test
  void oneWrongElementOfAProductIsFound() {
    Product product = Product.draw(13, 7, 5, "NT", DType.FLOAT32);
    try (MatmulRival rival = Rivals.prepare("ejml", product, 1)) {
      double[] c = rival.product();
      Rivals.check("ejml", product, c);
      for (int i = 0; i < c.length; i++) {
        double[] wrong = c.clone();
        wrong[i]++;
        assertThrows(
            DisagreementException.class, () -> Rivals.check("a wrong one", product, wrong));
      }
    }
  }

  @Test
  void aRivalThatIsNotThereIsNamedWithThoseThatAre() {
    Product product = Product.draw(2, 2, 2, "NN", DType.FLOAT64);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Rivals.prepare("missing", product, 1))
            .getMessage();
    assertTrue(message.contains("'missing'") && message.contains("ejml"), message);
  }

  @Test
  void distancesAndNaNAreFound() {
    double[] expected = {1, -2, 4};
    Agreement.elementwise("equal", expected.clone(), expected, 0);
    Agreement.inNorm("equal", expected.clone(), expected, 0);
    for (double bad : new double[] {4.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] got = {1, -2, bad};
      assertThrows(
          DisagreementException.class, () -> Agreement.elementwise("bad", got, expected, 0.01));
      assertThrows(DisagreementException.class, () -> Agreement.inNorm("bad", got, expected, 0.01));
    }
    assertThrows(
        DisagreementException.class,
        () -> Agreement.elementwise("short", new double[2], expected, 1));
  }
}
