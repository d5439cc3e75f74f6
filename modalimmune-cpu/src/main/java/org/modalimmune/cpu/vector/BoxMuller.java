package org.modalimmune.cpu.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.random.NormalTransform;

/**
 * {@link NormalTransform} lane by lane: the same operations in the same order, hence the same bits.
 * One pass per series, for the reason given in {@link DoubleSeries}.
 */
final class BoxMuller {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();

  /** 2^52: added to a double in [0, 2^52) it leaves the integer nearest to it in the low bits. */
  private static final double ROUNDER = 0x1p52;

  /** 1.5 * 2^52, to whose bits a small integer is added to become a double. */
  private static final double SIGNED_ROUNDER = 0x1.8p52;

  private static final double[] SINE = {
    1.0 / 355687428096000.0,
    -1.0 / 1307674368000.0,
    1.0 / 6227020800.0,
    -1.0 / 39916800.0,
    1.0 / 362880.0,
    -1.0 / 5040.0,
    1.0 / 120.0,
    -1.0 / 6.0
  };

  private static final double[] COSINE = {
    1.0 / 20922789888000.0,
    -1.0 / 87178291200.0,
    1.0 / 479001600.0,
    -1.0 / 3628800.0,
    1.0 / 40320.0,
    -1.0 / 720.0,
    1.0 / 24.0,
    -0.5,
    1.0
  };

  private BoxMuller() {}

  /**
   * {@code z0 = radius(u1) cosine(u2)} and {@code z1 = radius(u1) sine(u2)}; u1 becomes the radius.
   *
   * @param count a multiple of the lane count
   */
  static void transform(double[] u1, double[] u2, double[] z0, double[] z1, int count) {
    radii(u1, count);
    cosines(u2, z0, count);
    sines(u2, z1, count);
    rotate(u1, u2, z0, z1, count);
  }

  private static void radii(double[] u1, int count) {
    for (int i = 0; i < count; i += LANES) {
      LongVector bits = DoubleVector.fromArray(S, u1, i).reinterpretAsLongs();
      LongVector exponent = bits.sub(NormalTransform.SQRT_HALF_BITS).lanewise(ASHR, 52);
      DoubleVector m = bits.sub(exponent.lanewise(LSHL, 52)).reinterpretAsDoubles();
      DoubleVector s = m.sub(1.0).div(m.add(1.0));
      DoubleVector w = s.mul(s);
      DoubleVector p = DoubleVector.broadcast(S, 1.0 / 21);
      for (int k = 19; k >= 1; k -= 2) {
        p = p.fma(w, DoubleVector.broadcast(S, 1.0 / k));
      }
      LongVector shifted = exponent.add(Double.doubleToRawLongBits(SIGNED_ROUNDER));
      DoubleVector e = shifted.reinterpretAsDoubles().sub(SIGNED_ROUNDER);
      DoubleVector low = DoubleVector.broadcast(S, NormalTransform.LN2_LOW);
      low = e.fma(low, s.mul(2.0).mul(p));
      DoubleVector log = e.fma(DoubleVector.broadcast(S, NormalTransform.LN2_HIGH), low);
      log.mul(-2.0).sqrt().intoArray(u1, i);
    }
  }

  /** Cosine of 2 pi times the distance of u to the nearest quarter. */
  private static void cosines(double[] u2, double[] z0, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector u = DoubleVector.fromArray(S, u2, i);
      DoubleVector quarters = u.mul(4.0).add(ROUNDER).sub(ROUNDER);
      DoubleVector t = u.sub(quarters.mul(0.25)).mul(2.0 * Math.PI);
      DoubleVector w = t.mul(t);
      DoubleVector p = DoubleVector.broadcast(S, COSINE[0]);
      for (int k = 1; k < COSINE.length; k++) {
        p = p.fma(w, DoubleVector.broadcast(S, COSINE[k]));
      }
      p.intoArray(z0, i);
    }
  }

  /** Sine of 2 pi times the distance of u to the nearest quarter. */
  private static void sines(double[] u2, double[] z1, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector u = DoubleVector.fromArray(S, u2, i);
      DoubleVector quarters = u.mul(4.0).add(ROUNDER).sub(ROUNDER);
      DoubleVector t = u.sub(quarters.mul(0.25)).mul(2.0 * Math.PI);
      DoubleVector w = t.mul(t);
      DoubleVector p = DoubleVector.broadcast(S, SINE[0]);
      for (int k = 1; k < SINE.length; k++) {
        p = p.fma(w, DoubleVector.broadcast(S, SINE[k]));
      }
      t.mul(w).fma(p, t).intoArray(z1, i);
    }
  }

  /** From cosine and sine within a quarter to those of the whole angle, times the radius. */
  private static void rotate(double[] radius, double[] u2, double[] z0, double[] z1, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector r = DoubleVector.fromArray(S, radius, i);
      DoubleVector shifted = DoubleVector.fromArray(S, u2, i).mul(4.0).add(ROUNDER);
      LongVector quadrant = shifted.reinterpretAsLongs().and(3);
      DoubleVector cos = DoubleVector.fromArray(S, z0, i);
      DoubleVector sin = DoubleVector.fromArray(S, z1, i);
      VectorMask<Double> odd = quadrant.and(1).compare(EQ, 1).cast(S);
      VectorMask<Double> lower = quadrant.compare(GE, 2).cast(S);
      VectorMask<Double> left = quadrant.add(1).and(3).compare(GE, 2).cast(S);
      DoubleVector c = cos.blend(sin, odd);
      DoubleVector s = sin.blend(cos, odd);
      r.mul(c.blend(c.neg(), left)).intoArray(z0, i);
      r.mul(s.blend(s.neg(), lower)).intoArray(z1, i);
    }
  }
}
