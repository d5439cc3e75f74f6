package org.modalimmune.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The best values anything could reach on data whose distribution is known.
 *
 * @param accuracy Bayes-optimal accuracy per presence pattern
 * @param reconstruction best R2 per modality name, reconstructed from all the others
 */
public record Ceilings(
    SortedMap<PresencePattern, Double> accuracy, Map<String, Double> reconstruction) {

  /** Nothing known, as for every real data set. */
  public static final Ceilings UNKNOWN = new Ceilings(Collections.emptySortedMap(), Map.of());

  /** Copies the maps. */
  public Ceilings {
    accuracy = Collections.unmodifiableSortedMap(new TreeMap<>(accuracy));
    reconstruction = Collections.unmodifiableMap(new LinkedHashMap<>(reconstruction));
  }
}
