package org.modalimmune.cuda.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.cuda.CudaBackend;
import org.modalimmune.cuda.DeviceMemoryUse;
import org.modalimmune.cuda.driver.Device;

/**
 * Trains for many steps and compares memory and handles before and after; exit code 1 if anything
 * grew.
 */
final class LeakCheck {
  private static final int WARM = 50;

  private LeakCheck() {}

  /**
   * Trains, and compares.
   *
   * @param arguments number of steps, 10,000 unless given
   */
  public static void main(String[] arguments) {
    int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    try (Device card = new Device(0);
        Backend backend = Backends.open("cuda", BackendOptions.ofThreads(1));
        Workload work = new Workload(backend, 64, 100, 128)) {
      CudaBackend device = (CudaBackend) backend;
      run(work, WARM);
      Use before = Use.of(device, card);
      run(work, steps);
      Use after = Use.of(device, card);
      System.out.println("leaks: before " + before);
      System.out.println("leaks: after " + steps + " steps " + after);
      System.out.println("leaks: loss " + work.loss());
      if (!before.equals(after)) {
        System.out.println("leaks: FAILED, something grew");
        System.exit(1);
      }
    }
  }

  /**
   * What must stay the same.
   *
   * @param memory of the backend
   * @param freeOnDevice bytes that the driver has to give
   * @param openFiles handles of this process
   * @param threads of this process that Java knows
   */
  private record Use(DeviceMemoryUse memory, long freeOnDevice, int openFiles, int threads) {
    static Use of(CudaBackend device, Device card) {
      device.synchronize();
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        return new Use(
            device.memory(),
            card.memory().freeBytes(),
            (int) open.count(),
            Thread.getAllStackTraces().size());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
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
