package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Parameter updates of dense float64 blocks; positions are in bytes, counts in elements. */
final class DoubleUpdates {
  private static final VectorSpecies<Double> S = VectorSpeciesSet.DOUBLE;
  private static final int LANES = S.length();
  private static final long SIZE = 8;

  private DoubleUpdates() {}

  static void momentum(
      MomentumStep settings,
      MemorySegment gradient,
      long p,
      MemorySegment parameter,
      long q,
      MemorySegment velocity,
      long s,
      int n) {
    DoubleVector momentum = DoubleVector.broadcast(S, settings.momentum());
    DoubleVector decay = DoubleVector.broadcast(S, settings.weightDecay());
    DoubleVector rate = DoubleVector.broadcast(S, settings.learningRate());
    // the step is decayed + factor * next with Nesterov, next without
    DoubleVector keep = DoubleVector.broadcast(S, settings.nesterov() ? 1 : 0);
    DoubleVector factor = DoubleVector.broadcast(S, settings.nesterov() ? settings.momentum() : 1);
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      VectorMask<Double> m = S.indexInRange(i, n);
      DoubleVector g = DoubleVector.fromMemorySegment(S, gradient, p + d, ORDER, m);
      DoubleVector w = DoubleVector.fromMemorySegment(S, parameter, q + d, ORDER, m);
      DoubleVector v = DoubleVector.fromMemorySegment(S, velocity, s + d, ORDER, m);
      DoubleVector decayed = w.fma(decay, g);
      DoubleVector next = v.fma(momentum, decayed);
      DoubleVector change = next.mul(factor).add(decayed.mul(keep));
      next.intoMemorySegment(velocity, s + d, ORDER, m);
      w.sub(change.mul(rate)).intoMemorySegment(parameter, q + d, ORDER, m);
    }
  }
}
