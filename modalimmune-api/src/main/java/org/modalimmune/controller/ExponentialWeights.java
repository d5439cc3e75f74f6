package org.modalimmune.controller;

/**
 * p_i proportional to q0_i exp(eta S_i). Only differences of scores matter, so they are kept
 * relative to the largest: arms in the running keep small scores with small rounding errors however
 * many rounds there are, and exponents never overflow.
 */
final class ExponentialWeights {
  private final double[] prior;
  private final double[] logPrior;
  private final double[] scores;
  private final double[] weights;

  ExponentialWeights(String controller, ArmDistribution prior) {
    this.prior = prior.probabilities();
    this.logPrior = new double[this.prior.length];
    this.scores = new double[this.prior.length];
    this.weights = new double[this.prior.length];
    for (int i = 0; i < logPrior.length; i++) {
      if (!(this.prior[i] > 0)) {
        throw new IllegalArgumentException(
            controller
                + ": the prior must give every arm a positive probability, got "
                + this.prior[i]
                + " for arm "
                + i
                + "; leave out arms that are never wanted");
      }
      logPrior[i] = Math.log(this.prior[i]);
    }
    update(1);
  }

  /**
   * {@link #complexity()} for tuning a rate; at least ln 2, since a single arm has 0 and a rate
   * must be positive.
   */
  static double tuningComplexity(String controller, ArmDistribution prior) {
    return Math.max(Math.log(2), new ExponentialWeights(controller, prior).complexity());
  }

  int arms() {
    return scores.length;
  }

  /** max_i ln(1 / q0_i), ln K for the uniform prior. */
  double complexity() {
    double smallest = 0;
    for (double l : logPrior) {
      smallest = Math.min(smallest, l);
    }
    return -smallest;
  }

  void add(int arm, double score) {
    scores[arm] += score;
  }

  /** Makes the scores relative again and the weights those of the rate. */
  void update(double rate) {
    double best = Double.NEGATIVE_INFINITY;
    for (double s : scores) {
      best = Math.max(best, s);
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      scores[i] -= best;
      weights[i] = logPrior[i] + rate * scores[i];
      largest = Math.max(largest, weights[i]);
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(weights[i] - largest);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
  }

  double weight(int arm) {
    return weights[arm];
  }

  double[] copy() {
    return weights.clone();
  }

  double[] prior() {
    return prior.clone();
  }

  double[] scores() {
    return scores.clone();
  }

  /** The scores of a state, refused unless they are relative to the largest. */
  double[] scoresOf(ControllerState state) {
    double[] saved = state.array("scores", scores.length);
    double best = Double.NEGATIVE_INFINITY;
    for (double s : saved) {
      best = Math.max(best, s);
    }
    if (best != 0) {
      throw new IllegalArgumentException(
          "controller state: the largest score must be 0, got " + best + "; is the file damaged?");
    }
    return saved;
  }

  void restore(double[] saved, double rate) {
    System.arraycopy(saved, 0, scores, 0, scores.length);
    update(rate);
  }
}
