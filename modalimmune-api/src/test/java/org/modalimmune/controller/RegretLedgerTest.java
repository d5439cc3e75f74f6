package org.modalimmune.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

class RegretLedgerTest {
  @Test
  void errorsDoNotGrowWithTheNumberOfRounds() {
    int rounds = 1_000_000;
    RegretLedger ledger = new RegretLedger(2);
    int[] second = {1};
    double[] rewards = {0.1, 0.3};
    for (int t = 0; t < rounds; t++) {
      ledger.addDrawn(second, rewards);
    }
    // a million times a float64 is rounded once; plain sums would be off by 1e-6 and more
    assertEquals(0.3 * rounds, ledger.best(), 2 * Math.ulp(0.3 * rounds));
    assertEquals(0, ledger.regret());
  }

  @Test
  void meanOfDrawsIsEarnedAndAnyArmMayBeBest() {
    RegretLedger ledger = new RegretLedger(3);
    ledger.addDrawn(new int[] {0, 2, 2, 1}, new double[] {1, 0.5, 0.25});
    assertEquals(0.5, ledger.earned());
    assertEquals(0.5, ledger.regret());
    ledger.addExpected(new double[] {0.25, 0.75, 0}, new double[] {0, 1, 1});
    assertEquals(1.25, ledger.earned());
    assertEquals(1.5, ledger.best());
    assertEquals(2, ledger.rounds());
  }

  @Test
  void estimateIsUnbiased() {
    RandomStream random = new RandomStream(RandomKey.of(3));
    double[] p = {0.25, 0.5, 0.25};
    double[] rewards = {0.5, 0.25, 1};
    int rounds = 100_000;
    ImportanceWeightedRegret estimate = new ImportanceWeightedRegret(3);
    for (int t = 0; t < rounds; t++) {
      int a = random.nextIndex(p);
      int b = random.nextIndex(p);
      estimate.add(p, new int[] {a, b}, new double[] {rewards[a], rewards[b]});
    }
    for (int i = 0; i < 3; i++) {
      // fixed seed; five standard deviations of a mean of 2 T draws of g 1{i} / p
      double deviation = rewards[i] * Math.sqrt((1 / p[i] - 1) / (2.0 * rounds));
      double mean = estimate.estimatedTotal(i) / rounds;
      assertTrue(Math.abs(mean - rewards[i]) <= 5 * deviation, i + ": " + mean);
    }
  }
}
