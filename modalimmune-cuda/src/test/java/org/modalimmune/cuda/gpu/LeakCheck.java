package org.modalimmune.cuda.gpu;

import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.cuda.CudaBackend;
import org.modalimmune.cuda.DeviceMemoryUse;

/** Trains for many steps and compares the memory held before and after; exit code 1 if it grew. */
final class LeakCheck {
  private static final int WARM = 50;

  private LeakCheck() {}

  /**
   * Trains, and compares the memory in use and reserved before and after.
   *
   * @param arguments number of steps, 10,000 unless given
   */
  public static void main(String[] arguments) {
    int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    try (Backend backend = Backends.open("cuda", BackendOptions.ofThreads(1));
        Workload work = new Workload(backend, 64, 100, 128)) {
      CudaBackend device = (CudaBackend) backend;
      run(work, WARM);
      DeviceMemoryUse before = device.memory();
      run(work, steps);
      DeviceMemoryUse after = device.memory();
      System.out.println("leaks: before " + before + ", after " + steps + " steps " + after);
      System.out.println("leaks: loss " + work.loss());
      if (!before.equals(after)) {
        System.out.println("leaks: FAILED, memory grew");
        System.exit(1);
      }
    }
  }

  private static void run(Workload work, int steps) {
    for (int i = 0; i < steps; i++) {
      work.step();
    }
    work.loss();
  }
}
