package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.backend.kernel.AdamWStep;

/**
 * One AdamW update in float64: full vectors, then the last elements one by one with the same
 * operations. The bias corrections are folded into the rate and the denominator.
 *
 * <p>Loads and arithmetic are in methods of their own: together they are more code than the first
 * compiler can hold, and then the update would stay uncompiled.
 */
final class DoubleAdamW {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = Double.BYTES;

  private final double beta1;
  private final double rest1;
  private final double beta2;
  private final double rest2;
  private final double rate;
  private final double rootScale;
  private final double epsilon;
  private final double decay;

  DoubleAdamW(AdamWStep settings) {
    double step = (double) settings.step();
    double correction1 = 1 - StrictMath.pow(settings.beta1(), step);
    double correction2 = 1 - StrictMath.pow(settings.beta2(), step);
    beta1 = settings.beta1();
    rest1 = (1 - settings.beta1());
    beta2 = settings.beta2();
    rest2 = (1 - settings.beta2());
    rate = (settings.learningRate() / correction1);
    rootScale = (1 / Math.sqrt(correction2));
    epsilon = settings.epsilon();
    decay = (settings.learningRate() * settings.weightDecay());
  }

  /** Updates {@code n} elements; positions are in bytes. */
  void run(
      MemorySegment gradient,
      long p,
      MemorySegment parameter,
      long q,
      MemorySegment first,
      long f,
      MemorySegment second,
      long s,
      int n) {
    if (!parameter.isNative() || !first.isNative() || !second.isNative()) {
      throw NativeSegments.onHeap(parameter, first, second);
    }
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      long d = i * SIZE;
      DoubleVector g = DoubleVector.fromMemorySegment(S, gradient, p + d, ORDER);
      DoubleVector mean = mean(first, f + d, g);
      DoubleVector root = root(second, s + d, g);
      change(parameter, q + d, mean, root);
    }
    for (; i < n; i++) {
      long d = i * SIZE;
      double g = gradient.get(JAVA_DOUBLE, p + d);
      double mean = first.get(JAVA_DOUBLE, f + d) * beta1 + g * rest1;
      double square = second.get(JAVA_DOUBLE, s + d) * beta2 + g * g * rest2;
      first.set(JAVA_DOUBLE, f + d, mean);
      second.set(JAVA_DOUBLE, s + d, square);
      double root = Math.fma(Math.sqrt(square), rootScale, epsilon);
      double w = parameter.get(JAVA_DOUBLE, q + d);
      parameter.set(JAVA_DOUBLE, q + d, w - (mean * rate / root + w * decay));
    }
  }

  private DoubleVector mean(MemorySegment first, long at, DoubleVector g) {
    DoubleVector mean =
        DoubleVector.fromMemorySegment(S, first, at, ORDER).mul(beta1).add(g.mul(rest1));
    mean.intoMemorySegment(first, at, ORDER);
    return mean;
  }

  private DoubleVector root(MemorySegment second, long at, DoubleVector g) {
    DoubleVector square =
        DoubleVector.fromMemorySegment(S, second, at, ORDER).mul(beta2).add(g.mul(g).mul(rest2));
    square.intoMemorySegment(second, at, ORDER);
    return square
        .sqrt()
        .fma(DoubleVector.broadcast(S, rootScale), DoubleVector.broadcast(S, epsilon));
  }

  private void change(MemorySegment parameter, long at, DoubleVector mean, DoubleVector root) {
    DoubleVector w = DoubleVector.fromMemorySegment(S, parameter, at, ORDER);
    w.sub(mean.mul(rate).div(root).add(w.mul(decay))).intoMemorySegment(parameter, at, ORDER);
  }
}
