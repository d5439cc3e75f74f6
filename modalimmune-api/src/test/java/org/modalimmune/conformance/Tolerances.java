package org.modalimmune.conformance;

import org.modalimmune.tensor.DType;

/**
 * The bounds of {@code spec/tolerances.md}; each method names the section that derives it. u is the
 * unit roundoff of the element type.
 */
public final class Tolerances {
  /** Largest number of elements that one leaf of a summation tree may add one after another. */
  public static final int SUMMATION_LEAF = 4096;

  /** Factor of n eps |A| in the two checks of an eigendecomposition. */
  private static final double LAPACK_THRESHOLD = 30;

  private Tolerances() {}

  /** Section 1: gamma_k = k u / (1 - k u), the relative error of k roundings. */
  public static double gamma(double k, DType dtype) {
    double ku = k * dtype.unitRoundoff();
    if (ku >= 0.5) {
      throw new IllegalArgumentException(
          "tolerances: " + k + " roundings are too many for " + dtype);
    }
    return ku / (1 - ku);
  }

  /** Section 1: {@code count} smallest subnormals, the absolute error of that many underflows. */
  public static double underflow(double count, DType dtype) {
    return count * (dtype == DType.FLOAT32 ? Float.MIN_VALUE : Double.MIN_VALUE);
  }

  /** Section 2.2: k roundings in a row, relative to the result. */
  public static double relative(double k, double result, DType dtype) {
    // where the result underflows to 0, k may be past all bounds
    return (result == 0 ? 0 : gamma(k, dtype) * Math.abs(result)) + underflow(2, dtype);
  }

  /** Section 2.3: normal distribution function; the condition number grows like x^2 to the left. */
  public static double normalCdf(double x, double result, DType dtype) {
    return relative(4 + 2 * cdfCondition(x), result, dtype);
  }

  /** Section 2.3: normal density. */
  public static double normalPdf(double x, double result, DType dtype) {
    return relative(5 + x * x / 2, result, dtype);
  }

  /** Section 2.3: x Phi(x). */
  public static double gelu(double x, double result, DType dtype) {
    return relative(5 + 2 * cdfCondition(x), result, dtype) + Math.abs(x) * underflow(2, dtype);
  }

  /** Section 2.3: Phi(x) + x phi(x). */
  public static double geluDerivative(double x, double cdf, double pdf, DType dtype) {
    double product = Math.abs(x) * pdf;
    return relative(5 + 2 * cdfCondition(x), cdf, dtype)
        + relative(7 + x * x / 2, product, dtype)
        + Math.abs(x) * underflow(2, dtype);
  }

  private static double cdfCondition(double x) {
    return x < 0 ? x * x + 1 : 1;
  }

  /** Section 2.4: scale x + shift, fused or not, scalars rounded to the type or not. */
  public static double affine(double product, double shift, DType dtype) {
    return gamma(3, dtype) * (Math.abs(product) + Math.abs(shift)) + underflow(2, dtype);
  }

  /** Section 2.4: a b + c, fused or not. */
  public static double multiplyAdd(double product, double c, DType dtype) {
    return gamma(2, dtype) * (Math.abs(product) + Math.abs(c)) + underflow(2, dtype);
  }

  /**
   * Section 3.1: a sum of n terms, each with {@code perTerm} roundings behind it. Float32
   * accumulates as if in float64; float64 in a tree with leaves of {@link #SUMMATION_LEAF}.
   */
  public static double sum(long n, double perTerm, double result, double magnitude, DType dtype) {
    if (n == 0) {
      return 0;
    }
    double depth = perTerm + Math.min(n - 1, SUMMATION_LEAF + ceilLog2(n));
    if (dtype == DType.FLOAT32) {
      double wide = perTerm + n - 1;
      return gamma(1, DType.FLOAT32) * Math.abs(result)
          + (1 + DType.FLOAT32.unitRoundoff()) * gamma(wide, DType.FLOAT64) * magnitude
          + underflow(1, dtype);
    }
    return gamma(depth, DType.FLOAT64) * magnitude + underflow(n * perTerm, dtype);
  }

  private static int ceilLog2(long n) {
    return 64 - Long.numberOfLeadingZeros(n - 1);
  }

  /** Section 4: an inner product of length k in any order, with or without fused operations. */
  public static double innerProduct(double k, double magnitude, DType dtype) {
    return k == 0 ? 0 : gamma(k, dtype) * magnitude + underflow(k, dtype);
  }

  /** Section 4: an inner product of length k and one more term. */
  public static double innerProductPlus(double k, double magnitude, DType dtype) {
    return gamma(k + 1, dtype) * magnitude + underflow(k + 1, dtype);
  }

  /**
   * Section 5.1: softmax.
   *
   * @param n row length
   * @param below max - x of the element
   * @param meanBelow mean of max - x under the softmax
   */
  public static double softmax(
      double n, double below, double meanBelow, double result, DType dtype) {
    return gamma(below + meanBelow + n + 6, dtype) * result + underflow(2 + n * result, dtype);
  }

  /**
   * Section 5.2: logarithm of softmax.
   *
   * @param logSum ln of the sum of exp(x - max)
   */
  public static double logSoftmax(
      double n, double below, double meanBelow, double logSum, double result, DType dtype) {
    return gamma(below + Math.abs(result) + 2 * logSum + meanBelow + n + 2, dtype)
        + underflow(2 + n, dtype);
  }

  /**
   * Section 5.5: an element of softmax's cotangent.
   *
   * @param own magnitude of g y at the element
   * @param along |y| times the sum of magnitudes of g y along the row
   * @param y the element of the softmax
   */
  public static double softmaxPullback(double n, double own, double along, double y, DType dtype) {
    return gamma(2, dtype) * own
        + gamma(n + 3, dtype) * along
        + underflow(1 + n * Math.abs(y), dtype);
  }

  /**
   * Section 5.5: an element of logSoftmax's cotangent.
   *
   * @param own magnitude of g at the element
   * @param softmax exp(y)
   * @param sum sum of magnitudes of g along the row
   */
  public static double logSoftmaxPullback(
      double n, double own, double softmax, double sum, DType dtype) {
    return gamma(1, dtype) * own
        + gamma(n + 4, dtype) * softmax * sum
        + underflow(1 + 2 * sum, dtype);
  }

  /** Section 5.3: largest error of a row's mean. */
  public static double mean(double n, double meanMagnitude, DType dtype) {
    return gamma(n + 1, dtype) * meanMagnitude;
  }

  /** Section 5.3: reciprocal standard deviation. */
  public static double reciprocalStd(
      double n, double variance, double epsilon, double meanError, DType dtype) {
    return relativeStd(n, variance, epsilon, meanError, dtype) / Math.sqrt(variance + epsilon);
  }

  /** Section 5.3: a normalised element. */
  public static double layerNorm(
      double n, double centred, double variance, double epsilon, double meanError, DType dtype) {
    double scale = 1 / Math.sqrt(variance + epsilon);
    double relative = relativeStd(n, variance, epsilon, meanError, dtype);
    return (1 + relative)
            * scale
            * ((1 + gamma(2, dtype)) * meanError + gamma(2, dtype) * Math.abs(centred))
        + relative * scale * Math.abs(centred)
        + underflow(2, dtype);
  }

  /** Section 5.4: a normalised element times a gain, plus a bias. */
  public static double scaledLayerNorm(
      double normalized, double error, double gain, double bias, DType dtype) {
    double product = Math.abs(gain) * (Math.abs(normalized) + error);
    return error * Math.abs(gain)
        + gamma(2, dtype) * (product + Math.abs(bias))
        + underflow(2, dtype);
  }

  /**
   * Section 5.4: an element of layer normalisation's cotangent.
   *
   * @param own magnitude of g gain at the element
   * @param mean mean magnitude of g gain along the row
   * @param along |y| times the mean magnitude of g gain y
   * @param y the normalised element
   * @param scale reciprocal deviation
   */
  public static double layerNormPullback(
      double n, double own, double mean, double along, double y, double scale, DType dtype) {
    return Math.abs(scale)
            * (gamma(4, dtype) * own
                + gamma(n + 5, dtype) * mean
                + gamma(n + 6, dtype) * along
                + underflow(4 + 4 * Math.abs(y), dtype))
        + underflow(1, dtype);
  }

  /** Section 5.4: a column's sum of g y over the rows. */
  public static double gainPullback(long rows, double result, double magnitude, DType dtype) {
    // a float32 product may be rounded to the type before it is added
    double rounded = dtype == DType.FLOAT32 ? gamma(1, dtype) * magnitude : 0;
    return sum(rows, 1, result, magnitude, dtype) + rounded + underflow((double) rows, dtype);
  }

  private static double relativeStd(
      double n, double variance, double epsilon, double meanError, DType dtype) {
    double absolute =
        gamma(n + 6, dtype) * (variance + meanError * meanError + epsilon) + meanError * meanError;
    double x = absolute / (variance + epsilon);
    // |(1 + x)^(-1/2) - 1| <= x/2 / (1 - x) for x < 1
    return (x < 0.5 ? x / 2 / (1 - x) : x) + gamma(3, dtype);
  }

  /** Section 6.1: both checks of a symmetric eigendecomposition, before the factor |A|. */
  public static double eigen(double n, DType dtype) {
    return LAPACK_THRESHOLD * n * 2 * dtype.unitRoundoff();
  }

  /** Section 6.2: an element of A - L L', {@code magnitude} that of |L| |L'|. */
  public static double cholesky(double n, double magnitude, DType dtype) {
    return gamma(n + 1, dtype) * magnitude + underflow(n, dtype);
  }

  /** Section 6.3: an element of B - L X, {@code magnitude} that of |L| |X|. */
  public static double solveTriangular(double n, double magnitude, DType dtype) {
    return gamma(n + 1, dtype) * magnitude + underflow(n, dtype);
  }

  /** Section 7: a row sum of {@code n} terms in order. */
  public static double scatter(double n, double magnitude, DType dtype) {
    return n < 2 ? 0 : gamma(n - 1, dtype) * magnitude;
  }

  /** Section 8.1: beta old + (1 - beta) fresh, {@code magnitude} that of the two products. */
  public static double movingAverage(double magnitude, DType dtype) {
    return gamma(5, dtype) * magnitude + underflow(3, dtype);
  }

  /** Section 8.2: relative error of the bias correction 1 - beta^t, computed in float64. */
  public static double biasCorrection(double correction) {
    return gamma(3, DType.FLOAT64) / correction;
  }

  /**
   * Section 8.3: an AdamW parameter.
   *
   * @param step learning rate times the corrected moment's magnitude over the denominator
   * @param decay learning rate times weight decay times the parameter
   * @param corrections relative error that the bias corrections bring
   */
  public static double adamW(
      double parameter, double step, double decay, double corrections, DType dtype) {
    return gamma(1, dtype) * (Math.abs(parameter) + step + Math.abs(decay))
        + (gamma(17, dtype) + corrections) * step
        + gamma(6, dtype) * Math.abs(decay)
        + underflow(6, dtype);
  }

  /** Section 8.4: momentum velocity + g + weightDecay w. */
  public static double velocity(double gradient, double decay, double carried, DType dtype) {
    return gamma(5, dtype) * (Math.abs(gradient) + Math.abs(decay) + Math.abs(carried))
        + underflow(3, dtype);
  }

  /** Section 8.4: w - rate step, {@code step} the magnitude of rate times all its terms. */
  public static double momentum(double parameter, double step, DType dtype) {
    return gamma(1, dtype) * (Math.abs(parameter) + step)
        + gamma(10, dtype) * step
        + underflow(5, dtype);
  }

  /** Section 11.1: a sum over n rows of z - pivot, or of its square. */
  public static double columnMoment(long n, boolean square, double magnitude, DType dtype) {
    double sums = dtype == DType.FLOAT32 ? n - 1 : Math.min(n - 1, SUMMATION_LEAF + ceilLog2(n));
    return gamma(sums + (square ? 3 : 1), DType.FLOAT64) * magnitude
        + underflow(2.0 * n, DType.FLOAT64);
  }

  /**
   * Section 11.2: an inner product of length n with a row or column of the centred matrix, {@code
   * magnitude} with its elements' before they cancel.
   */
  public static double centredProduct(long n, double magnitude, DType dtype) {
    double inType = Math.min(n, SUMMATION_LEAF) + 4;
    return (gamma(inType, dtype) + gamma((double) (n + ceilLog2(n)), DType.FLOAT64)) * magnitude
        + underflow(4.0 * n, dtype);
  }

  /**
   * Section 11.3: factor (a - share t v).
   *
   * @param element magnitude of a
   * @param product magnitude of share t v
   * @param carried what the bound of t makes of it
   */
  public static double deflated(
      double factor, double element, double product, double carried, DType dtype) {
    double f = Math.abs(factor);
    return f * (gamma(6, dtype) * element + gamma(9, dtype) * (product + carried) + carried)
        + (1 + f) * underflow(8, dtype);
  }
}
