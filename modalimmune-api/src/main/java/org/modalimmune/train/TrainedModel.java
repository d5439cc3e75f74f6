package org.modalimmune.train;

import java.util.List;
import java.util.SortedMap;
import org.modalimmune.data.Standardizer;
import org.modalimmune.evaluate.EpochRecord;
import org.modalimmune.evaluate.MultimodalPredictor;

/**
 * What a method's training leaves: a predictor, and how it came about. Closing frees the memory.
 */
public interface TrainedModel extends AutoCloseable {
  /** The predictor, on standardised features. */
  MultimodalPredictor predictor();

  /** The standardisation, fitted on the training rows. */
  Standardizer standardizer();

  /** Losses epoch by epoch. */
  List<EpochRecord> curve();

  /** Learned settings by name at the end of training; may be empty. */
  SortedMap<String, Double> settings();

  /** Wall-clock time of training in seconds. */
  double seconds();

  /** Optimiser steps per second. */
  double stepsPerSecond();

  @Override
  void close();
}
