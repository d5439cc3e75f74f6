package org.modalimmune.cpu.vector;

import static org.modalimmune.cpu.vector.VectorSpeciesSet.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Parameter updates of dense float32 blocks; positions are in bytes, counts in elements. */
final class FloatUpdates {
  private static final VectorSpecies<Float> S = VectorSpeciesSet.FLOAT;
  private static final int LANES = S.length();
  private static final long SIZE = 4;

  private FloatUpdates() {}

  static void momentum(
      MomentumStep settings,
      MemorySegment gradient,
      long p,
      MemorySegment parameter,
      long q,
      MemorySegment velocity,
      long s,
      int n) {
    FloatVector momentum = FloatVector.broadcast(S, (float) settings.momentum());
    FloatVector decay = FloatVector.broadcast(S, (float) settings.weightDecay());
    FloatVector rate = FloatVector.broadcast(S, (float) settings.learningRate());
    // the step is decayed + factor * next with Nesterov, next without
    FloatVector keep = FloatVector.broadcast(S, settings.nesterov() ? 1 : 0);
    FloatVector factor =
        FloatVector.broadcast(S, settings.nesterov() ? (float) settings.momentum() : 1);
    for (int i = 0; i < n; i += LANES) {
      long d = i * SIZE;
      VectorMask<Float> m = S.indexInRange(i, n);
      FloatVector g = FloatVector.fromMemorySegment(S, gradient, p + d, ORDER, m);
      FloatVector w = FloatVector.fromMemorySegment(S, parameter, q + d, ORDER, m);
      FloatVector v = FloatVector.fromMemorySegment(S, velocity, s + d, ORDER, m);
      FloatVector decayed = w.fma(decay, g);
      FloatVector next = v.fma(momentum, decayed);
      FloatVector change = next.mul(factor).add(decayed.mul(keep));
      next.intoMemorySegment(velocity, s + d, ORDER, m);
      w.sub(change.mul(rate)).intoMemorySegment(parameter, q + d, ORDER, m);
    }
  }
}
