package org.modalimmune.cuda;

import java.nio.file.Path;
import org.modalimmune.backend.Availability;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.BackendProvider;
import org.modalimmune.backend.BackendUnavailableException;
import org.modalimmune.cuda.driver.DeviceProbe;
import org.modalimmune.cuda.error.CudaException;
import org.modalimmune.cuda.library.LibraryException;
import org.modalimmune.cuda.library.LibraryPreference;
import org.modalimmune.cuda.library.LibrarySearch;
import org.modalimmune.cuda.library.LibrarySet;

/**
 * The backend {@code cuda}, for NVIDIA graphics cards of compute capability 7.0 or higher.
 *
 * <p>Settings: {@code device} (a number), {@code library} ({@code auto}, {@code jcuda} or {@code
 * panama}), {@code memory-limit-mib}, {@code math} ({@code strict}, {@code tf32} or {@code bf16}),
 * {@code fusion} ({@code on} or {@code off}) and {@code cache} (a folder for compiled kernels).
 */
public final class CudaProvider implements BackendProvider {
  private static final String NAME = "cuda";

  /** For the ServiceLoader. */
  public CudaProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 200;
  }

  @Override
  public Availability availability() {
    DeviceProbe probe = DeviceProbe.look();
    if (!probe.usable()) {
      return Availability.no(probe.fault());
    }
    try {
      LibrarySet set = libraries(probe, LibraryPreference.AUTO);
      return Availability.yes(
          firstCapable(probe).description()
              + ", driver for CUDA "
              + probe.driverCuda()
              + ", "
              + set.description());
    } catch (LibraryException e) {
      return Availability.no("no library: " + e.getMessage());
    }
  }

  @Override
  public Backend open(BackendOptions options) {
    CudaSettings settings = CudaSettings.of(options);
    DeviceProbe probe = DeviceProbe.look();
    if (!probe.usable()) {
      throw new BackendUnavailableException("backend " + NAME + ": " + probe.fault());
    }
    DeviceProbe.Found device = device(probe, settings);
    try {
      LibrarySet set = libraries(probe, settings.library());
      return CudaBackend.open(device.ordinal(), set, settings);
    } catch (LibraryException | CudaException e) {
      throw new BackendUnavailableException("backend " + NAME + ": " + e.getMessage(), e);
    }
  }

  private static LibrarySet libraries(DeviceProbe probe, LibraryPreference preference) {
    return LibrarySet.choose(
        preference, probe.driverVersion() / 1000, LibrarySearch.of(System.getenv(), Path.of("/")));
  }

  private static DeviceProbe.Found device(DeviceProbe probe, CudaSettings settings) {
    if (settings.device().isEmpty()) {
      return firstCapable(probe);
    }
    int number = settings.device().getAsInt();
    if (number >= probe.devices().size()) {
      throw new IllegalArgumentException(
          "setting device: there are devices 0 .. "
              + (probe.devices().size() - 1)
              + ", got "
              + number);
    }
    DeviceProbe.Found chosen = probe.devices().get(number);
    if (!chosen.capable()) {
      throw new BackendUnavailableException("backend " + NAME + ": " + chosen.tooLow());
    }
    return chosen;
  }

  private static DeviceProbe.Found firstCapable(DeviceProbe probe) {
    return probe.devices().stream()
        .filter(DeviceProbe.Found::capable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a usable probe has a capable device"));
  }
}
