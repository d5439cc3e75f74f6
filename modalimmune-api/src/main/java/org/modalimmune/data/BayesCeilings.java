package org.modalimmune.data;

import org.modalimmune.io.DataException;

/**
 * The best possible results on data whose classes are equally likely and Gaussian with one
 * covariance, for every presence pattern.
 *
 * <p>A pattern is a bit mask: bit m is set if modality m is present. For the present columns O with
 * covariance {@code S = L L'} let {@code y_c = L^-1 mean_c} and {@code d_j = y_j - y_0}. Given
 * class t, the log posterior odds of class j against class 0 are Gaussian with mean {@code d_j'(y_t
 * - y_0) - |d_j|^2 / 2} and covariance {@code d_j'd_k}, whatever the number of columns; so all
 * expectations are taken over draws in classes - 1 dimensions, the same draws for all patterns,
 * equally many per class. Accuracy is the mean of the largest posterior, cross-entropy the mean of
 * the posterior's entropy. Source: the Bayes rule; McLachlan, "Discriminant Analysis and
 * Statistical Pattern Recognition", 1992, section 3.
 *
 * <p>Reconstruction: the conditional mean of an absent column is the best estimate in mean square.
 * Its error is the conditional variance within a class plus the spread of the class-wise estimates
 * under the posterior.
 */
public final class BayesCeilings {
  /** Draws over all classes; the accuracy's standard error is at most 0.5 / sqrt of this. */
  private static final int DRAWS = 262_144;

  private static final int MAX_MODALITIES = 12;

  private final int modalities;
  private final double[] accuracy;
  private final double[] accuracyError;
  private final double[] crossEntropy;
  private final double[][] reconstruction;

  /**
   * Computes all patterns.
   *
   * @param means classes x columns
   * @param covariance within a class, positive definite
   * @param columns columns per modality, in order
   */
  BayesCeilings(double[][] means, double[][] covariance, int[] columns, SplitMix64 random) {
    modalities = columns.length;
    if (modalities > MAX_MODALITIES) {
      throw new DataException(
          "ceilings: "
              + modalities
              + " modalities have 2^"
              + modalities
              + " patterns; at most "
              + MAX_MODALITIES
              + " modalities are computed");
    }
    int patterns = 1 << modalities;
    accuracy = new double[patterns];
    accuracyError = new double[patterns];
    crossEntropy = new double[patterns];
    reconstruction = new double[patterns][modalities];
    int classes = means.length;
    double[] draws = new double[DRAWS / classes * classes * (classes - 1)];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = random.nextGaussian();
    }
    for (int mask = 0; mask < patterns; mask++) {
      GaussianPattern pattern = new GaussianPattern(means, covariance, columns, mask);
      PosteriorMoments moments = new PosteriorMoments(pattern.separation(), draws);
      accuracy[mask] = moments.accuracy();
      accuracyError[mask] = moments.accuracyError();
      crossEntropy[mask] = moments.crossEntropy();
      for (int m = 0; m < modalities; m++) {
        reconstruction[mask][m] = pattern.reconstruction(m, moments.second());
      }
    }
  }

  /**
   * Number of modalities.
   *
   * @return patterns are 0 to 2^modalities - 1
   */
  public int modalities() {
    return modalities;
  }

  /**
   * Accuracy of the Bayes rule; also its balanced accuracy, since classes are equally likely.
   *
   * @param presentMask bit m is set if modality m is present
   * @return between 1 / classes and 1
   */
  public double accuracy(int presentMask) {
    return accuracy[presentMask];
  }

  /**
   * Standard error of {@link #accuracy}, from the finite number of draws.
   *
   * @param presentMask bit m is set if modality m is present
   * @return below 0.001
   */
  public double accuracyStandardError(int presentMask) {
    return accuracyError[presentMask];
  }

  /**
   * Cross-entropy of the Bayes posterior in nats.
   *
   * @param presentMask bit m is set if modality m is present
   * @return between 0 and log(classes)
   */
  public double crossEntropy(int presentMask) {
    return crossEntropy[presentMask];
  }

  /**
   * Best possible reconstruction of a modality: 1 minus the ratio of mean square error to variance,
   * averaged over its columns.
   *
   * @param modality which modality to reconstruct
   * @param presentMask from which modalities
   * @return 1 if the modality itself is present, else between 0 and 1
   */
  public double reconstruction(int modality, int presentMask) {
    return reconstruction[presentMask][modality];
  }

  /**
   * Mean accuracy over the incomplete patterns, those with at least one modality present and at
   * least one absent.
   *
   * @return the ceiling of the robust mean
   * @throws IllegalStateException if there is one modality alone
   */
  public double robustMean() {
    requireIncomplete();
    double sum = 0;
    int full = accuracy.length - 1;
    for (int mask = 1; mask < full; mask++) {
      sum += accuracy[mask];
    }
    return sum / (full - 1);
  }

  /**
   * Lowest accuracy over the incomplete patterns.
   *
   * @return the ceiling of the robust worst
   * @throws IllegalStateException if there is one modality alone
   */
  public double robustWorst() {
    requireIncomplete();
    double worst = 1;
    for (int mask = 1; mask < accuracy.length - 1; mask++) {
      worst = Math.min(worst, accuracy[mask]);
    }
    return worst;
  }

  private void requireIncomplete() {
    if (modalities < 2) {
      throw new IllegalStateException("one modality has no incomplete pattern");
    }
  }
}
