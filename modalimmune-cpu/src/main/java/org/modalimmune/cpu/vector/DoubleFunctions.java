package org.modalimmune.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.cpu.reference.ErrorFunction;

/**
 * Float64 functions of a dense block that need a series, composed of passes. Positions are in
 * bytes.
 */
final class DoubleFunctions {
  /** Float64 elements of room that the passes need, per element. */
  static final int TEMPORARIES = 3;

  private static final double SQRT_HALF = 0x1.6a09e667f3bcdp-1;
  private static final double INVERSE_SQRT_TWO_PI = 0x1.9884533d43651p-2;

  private static final double[] ERF = ErrorFunction.centralCoefficients();
  private static final double[] NORMAL = ErrorFunction.normalCentralCoefficients();

  private DoubleFunctions() {}

  /**
   * {@code z = op(s)}; z may be s.
   *
   * @param t room for {@link #TEMPORARIES} n float64 elements from position {@code at}
   */
  static void apply(
      UnaryOp op,
      MemorySegment s,
      long p,
      MemorySegment z,
      long r,
      int n,
      MemorySegment t,
      long at) {
    long second = at + n * 8L;
    long third = second + n * 8L;
    switch (op) {
      case EXP -> DoubleSeries.exp(s, p, z, r, n);
      case TANH -> DoubleSeries.tanh(s, p, z, r, n);
      case LOG -> {
        DoubleFused.fill(0, t, at, n);
        DoubleSeries.logPlus(s, p, t, at, z, r, n);
      }
      case LOG1P -> log1p(s, p, z, r, n, t, second);
      case SIGMOID -> {
        DoublePasses.minusMagnitude(s, p, t, at, n);
        DoubleSeries.exp(t, at, t, at, n);
        DoublePasses.sigmoid(s, p, t, at, z, r, n);
      }
      case SOFTPLUS -> {
        DoublePasses.minusMagnitude(s, p, t, at, n);
        DoubleSeries.exp(t, at, t, at, n);
        log1p(t, at, t, at, n, t, second);
        DoublePasses.softplus(s, p, t, at, z, r, n);
      }
      case ERF -> {
        tail(1, s, p, n, t, at);
        DoubleSeries.odd(ERF, s, p, t, third, n);
        DoublePasses.erf(s, p, t, at, second, third, z, r, n);
      }
      case NORMAL_PDF -> {
        gaussian(0.5, s, p, n, t, at);
        DoubleFused.affine(t, at, INVERSE_SQRT_TWO_PI, 0, z, r, n);
      }
      case NORMAL_CDF -> {
        tail(0.5, s, p, n, t, at);
        DoubleSeries.odd(NORMAL, s, p, t, third, n);
        DoublePasses.normalCdf(s, p, t, at, second, third, z, r, n);
      }
      case GELU -> {
        tail(0.5, s, p, n, t, at);
        DoubleSeries.odd(NORMAL, s, p, t, third, n);
        DoublePasses.gelu(s, p, t, at, second, third, z, r, n);
      }
      case GELU_DERIVATIVE -> {
        tail(0.5, s, p, n, t, at);
        DoubleSeries.odd(NORMAL, s, p, t, third, n);
        DoublePasses.geluDerivative(s, p, t, at, second, third, z, r, n);
      }
      default -> throw new IllegalArgumentException("unary: " + op + " is not a series");
    }
  }

  /**
   * Logarithm of the rounded 1 + x and, to first order, what its rounding lost; two temporaries.
   */
  private static void log1p(
      MemorySegment s, long p, MemorySegment z, long r, int n, MemorySegment t, long at) {
    DoublePasses.onePlusLoss(s, p, t, at, n);
    DoublePasses.onePlus(s, p, t, at + n * 8L, n);
    DoubleSeries.logPlus(t, at + n * 8L, t, at, z, r, n);
  }

  /** exp(-scale x^2) at {@code at}, for a scale that is a power of two. */
  private static void gaussian(
      double scale, MemorySegment s, long p, int n, MemorySegment t, long at) {
    DoublePasses.minusSquare(scale, s, p, t, at, n);
    DoubleSeries.exp(t, at, t, at, n);
    DoublePasses.correctSquare(scale, s, p, t, at, t, at, n);
  }

  /**
   * As {@link #gaussian}, and exp(a^2) erfc(a) for a = sqrt(scale) |x| behind it; scale 1 or 1/2.
   */
  private static void tail(double scale, MemorySegment s, long p, int n, MemorySegment t, long at) {
    long second = at + n * 8L;
    gaussian(scale, s, p, n, t, at);
    DoublePasses.boundedMagnitude(scale == 1 ? 1 : SQRT_HALF, s, p, t, second, n);
    DoubleSeries.erfcx(t, second, t, second, n);
  }
}
