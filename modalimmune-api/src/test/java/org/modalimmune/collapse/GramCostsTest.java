package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.modalimmune.collapse.GramCosts.Way;

/** The way that was quickest where the three were timed beside each other, and beyond. */
class GramCostsTest {
  @Test
  void theWayThatWasMeasuredToBeTheQuickestIsTaken() {
    requireBest(Way.DECOMPOSE, 64, 16);
    requireBest(Way.DECOMPOSE, 256, 64);
    requireBest(Way.DECOMPOSE, 16384, 64);
    requireBest(Way.FORM, 512, 128);
    requireBest(Way.FORM, 4096, 128);
    requireBest(Way.MULTIPLY, 1024, 256);
    requireBest(Way.MULTIPLY, 4096, 1024);
  }

  @Test
  void aMatrixTooLargeForTheHostIsNeverFormed() {
    assertEquals(Way.MULTIPLY, GramCosts.of(5000, 1025).best());
    assertEquals(Long.MAX_VALUE, GramCosts.of(5000, 1025).patience());
    long products = GramCosts.of(5000, 1024).patience();
    assertTrue(products > 36 && products < Long.MAX_VALUE, "formed after " + products);
  }

  /** The slowest spectrum that was timed at this size took 68 products. */
  @Test
  void slowSpectraAreDoneBeforeTheMatrixIsFormed() {
    assertTrue(GramCosts.of(1024, 256).patience() > 68);
  }

  private static void requireBest(Way way, long length, long order) {
    assertEquals(way, GramCosts.of(length, order).best(), length + " x " + order);
    assertEquals(way, GramCosts.of(order, length).best(), order + " x " + length);
  }
}
