package org.modalimmune.data;

/** Expectations of the Bayes posterior over draws of the log posterior odds. */
final class PosteriorMoments {
  private final int classes;
  private final double accuracy;
  private final double accuracyError;
  private final double crossEntropy;
  private final double[][] second;

  /**
   * Computes all expectations.
   *
   * @param separation inner products of the whitened mean differences from class 0
   * @param draws standard normal, classes - 1 per sample; samples divide evenly among the classes
   */
  PosteriorMoments(double[][] separation, double[] draws) {
    int odds = separation.length;
    classes = odds + 1;
    second = new double[classes][classes];
    double[][] factor = Cholesky.factorSemidefinite(separation);
    double[] posterior = new double[classes];
    int samples = draws.length / odds;
    int perClass = samples / classes;
    double accuracySum = 0;
    double withinSquares = 0;
    double entropySum = 0;
    for (int t = 0; t < classes; t++) {
      double sum = 0;
      double squares = 0;
      for (int n = 0; n < perClass; n++) {
        entropySum += draw(t, separation, factor, draws, (t * perClass + n) * odds, posterior);
        double largest = 0;
        for (int c = 0; c < classes; c++) {
          largest = Math.max(largest, posterior[c]);
          for (int k = 0; k <= c; k++) {
            second[c][k] += posterior[c] * posterior[k];
          }
        }
        sum += largest;
        squares += largest * largest;
      }
      accuracySum += sum;
      withinSquares += squares - sum * sum / perClass;
    }
    accuracy = accuracySum / samples;
    accuracyError = Math.sqrt(Math.max(0, withinSquares) / samples / samples);
    crossEntropy = entropySum / samples;
    for (int c = 0; c < classes; c++) {
      for (int k = 0; k <= c; k++) {
        second[c][k] /= samples;
        second[k][c] = second[c][k];
      }
    }
  }

  /** Fills the posterior of one draw from class t and returns its entropy. */
  private static double draw(
      int t,
      double[][] separation,
      double[][] factor,
      double[] draws,
      int offset,
      double[] posterior) {
    double largest = 0;
    for (int j = 0; j < separation.length; j++) {
      double odds = (t == 0 ? 0 : separation[j][t - 1]) - 0.5 * separation[j][j];
      for (int i = 0; i <= j; i++) {
        odds += factor[j][i] * draws[offset + i];
      }
      posterior[j + 1] = odds;
      largest = Math.max(largest, odds);
    }
    posterior[0] = 0;
    double sum = 0;
    double weighted = 0;
    for (int c = 0; c < posterior.length; c++) {
      double log = posterior[c] - largest;
      double weight = StrictMath.exp(log);
      posterior[c] = weight;
      sum += weight;
      weighted += weight * log;
    }
    for (int c = 0; c < posterior.length; c++) {
      posterior[c] /= sum;
    }
    return StrictMath.log(sum) - weighted / sum;
  }

  double accuracy() {
    return accuracy;
  }

  double accuracyError() {
    return accuracyError;
  }

  double crossEntropy() {
    return crossEntropy;
  }

  /** E[posterior of c times posterior of k]: classes squared. */
  double[][] second() {
    return second;
  }
}
