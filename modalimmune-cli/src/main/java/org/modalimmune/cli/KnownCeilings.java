package org.modalimmune.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.modalimmune.data.BayesCeilings;
import org.modalimmune.evaluate.Ceilings;
import org.modalimmune.evaluate.PresencePattern;

/** The ceilings of synthetic data in the form that reports take. */
final class KnownCeilings {
  private KnownCeilings() {}

  static Ceilings of(BayesCeilings bayes, List<String> modalityNames) {
    int modalities = modalityNames.size();
    SortedMap<PresencePattern, Double> accuracy = new TreeMap<>();
    for (PresencePattern pattern : PresencePattern.all(modalities)) {
      accuracy.put(pattern, bayes.accuracy((int) pattern.mask()));
    }
    Map<String, Double> reconstruction = new LinkedHashMap<>();
    for (int m = 0; m < modalities && modalities > 1; m++) {
      int others = (int) PresencePattern.without(m, modalities).mask();
      reconstruction.put(modalityNames.get(m), bayes.reconstruction(m, others));
    }
    return new Ceilings(accuracy, reconstruction);
  }
}
