package org.modalimmune.cuda.gpu;

import java.util.Arrays;
import org.modalimmune.cuda.CudaBackend;

/** Times work on the device: batches of calls, each batch waited for, the median of the batches. */
final class Stopwatch {
  private static final int BATCHES = 9;
  private static final double BATCH_SECONDS = 0.05;

  private final CudaBackend device;

  Stopwatch(CudaBackend device) {
    this.device = device;
  }

  /** Seconds of one call. */
  double seconds(Runnable work) {
    // the third run of a chain of operations is the first that is compiled and loaded
    for (int i = 0; i < 3; i++) {
      work.run();
    }
    double once = batch(work, 1);
    int calls = (int) Math.clamp(BATCH_SECONDS / once, 1, 1000);
    double[] batches = new double[BATCHES];
    for (int b = 0; b < BATCHES; b++) {
      batches[b] = batch(work, calls);
    }
    Arrays.sort(batches);
    return batches[BATCHES / 2];
  }

  private double batch(Runnable work, int calls) {
    device.synchronize();
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      work.run();
    }
    device.synchronize();
    return (System.nanoTime() - start) * 1e-9 / calls;
  }
}
