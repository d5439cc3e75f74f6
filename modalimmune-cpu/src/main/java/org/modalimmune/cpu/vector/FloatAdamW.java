package org.modalimmune.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.modalimmune.backend.kernel.AdamWStep;

/**
 * One AdamW update in float32: full vectors, then the last elements one by one with the same
 * operations. The bias corrections are folded into the rate and the denominator.
 *
 * <p>Loads and arithmetic are in methods of their own: together they are more code than the first
 * compiler can hold, and then the update would stay uncompiled.
 */
final class FloatAdamW {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = Float.BYTES;

  private final float beta1;
  private final float rest1;
  private final float beta2;
  private final float rest2;
  private final float rate;
  private final float rootScale;
  private final float epsilon;
  private final float decay;

  FloatAdamW(AdamWStep settings) {
    double step = (double) settings.step();
    double correction1 = 1 - StrictMath.pow(settings.beta1(), step);
    double correction2 = 1 - StrictMath.pow(settings.beta2(), step);
    beta1 = (float) settings.beta1();
    rest1 = (float) (1 - settings.beta1());
    beta2 = (float) settings.beta2();
    rest2 = (float) (1 - settings.beta2());
    rate = (float) (settings.learningRate() / correction1);
    rootScale = (float) (1 / Math.sqrt(correction2));
    epsilon = (float) settings.epsilon();
    decay = (float) (settings.learningRate() * settings.weightDecay());
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
      FloatVector g = FloatVector.fromMemorySegment(S, gradient, p + d, ORDER);
      FloatVector mean = mean(first, f + d, g);
      FloatVector root = root(second, s + d, g);
      change(parameter, q + d, mean, root);
    }
    for (; i < n; i++) {
      long d = i * SIZE;
      float g = gradient.get(JAVA_FLOAT, p + d);
      float mean = first.get(JAVA_FLOAT, f + d) * beta1 + g * rest1;
      float square = second.get(JAVA_FLOAT, s + d) * beta2 + g * g * rest2;
      first.set(JAVA_FLOAT, f + d, mean);
      second.set(JAVA_FLOAT, s + d, square);
      float root = Math.fma((float) Math.sqrt(square), rootScale, epsilon);
      float w = parameter.get(JAVA_FLOAT, q + d);
      parameter.set(JAVA_FLOAT, q + d, w - (mean * rate / root + w * decay));
    }
  }

  private FloatVector mean(MemorySegment first, long at, FloatVector g) {
    FloatVector mean =
        FloatVector.fromMemorySegment(S, first, at, ORDER).mul(beta1).add(g.mul(rest1));
    mean.intoMemorySegment(first, at, ORDER);
    return mean;
  }

  private FloatVector root(MemorySegment second, long at, FloatVector g) {
    FloatVector square =
        FloatVector.fromMemorySegment(S, second, at, ORDER).mul(beta2).add(g.mul(g).mul(rest2));
    square.intoMemorySegment(second, at, ORDER);
    return square
        .sqrt()
        .fma(FloatVector.broadcast(S, rootScale), FloatVector.broadcast(S, epsilon));
  }

  private void change(MemorySegment parameter, long at, FloatVector mean, FloatVector root) {
    FloatVector w = FloatVector.fromMemorySegment(S, parameter, at, ORDER);
    w.sub(mean.mul(rate).div(root).add(w.mul(decay))).intoMemorySegment(parameter, at, ORDER);
  }
}
