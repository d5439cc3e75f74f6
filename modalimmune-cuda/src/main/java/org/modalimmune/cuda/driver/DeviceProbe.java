package org.modalimmune.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * What the driver says about this machine. Looking changes nothing and never throws; where nothing
 * can be used, the reason is given.
 *
 * @param driverVersion newest CUDA that the driver runs, 1000 major + 10 minor; 0 if there is none
 * @param devices the devices, by their numbers
 * @param fault why no device can be used; empty if one can
 */
public record DeviceProbe(int driverVersion, List<Found> devices, String fault) {
  /** Oldest CUDA that the driver must run: 11.2. */
  static final int OLDEST_DRIVER = 11020;

  /** Lowest compute capability: 7.0. */
  static final int LOWEST_CAPABILITY = 70;

  /**
   * A device.
   *
   * @param ordinal its number
   * @param name the product
   * @param capability compute capability, 75 for 7.5
   */
  public record Found(int ordinal, String name, int capability) {
    /** Whether the kernels can run on it. */
    public boolean capable() {
      return capability >= LOWEST_CAPABILITY;
    }

    /** Why it cannot be used, if it is not capable. */
    public String tooLow() {
      return description() + ", is below 7.0, which the kernels need";
    }

    /** Name and capability in words. */
    public String description() {
      return name + ", compute capability " + capability / 10 + "." + capability % 10;
    }
  }

  /** Copies. */
  public DeviceProbe {
    devices = List.copyOf(devices);
  }

  /** Looks. */
  public static DeviceProbe look() {
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      return nothing("JCuda's native libraries are for Linux on x86-64 alone");
    }
    if (!DeviceProbe.class.getModule().isNativeAccessEnabled()) {
      return nothing(
          "native access is not enabled; start java with " + JCudaNatives.accessOption());
    }
    return DriverLibrary.fault().map(DeviceProbe::nothing).orElseGet(DeviceProbe::ask);
  }

  /** Whether a device can be used. */
  public boolean usable() {
    return fault.isEmpty();
  }

  /** Newest CUDA that the driver runs, as {@code major.minor}. */
  public String driverCuda() {
    return driverVersion / 1000 + "." + driverVersion / 10 % 100;
  }

  private static DeviceProbe ask() {
    try {
      return askDriver();
    } catch (LinkageError e) {
      return nothing("JCuda's binding of the driver cannot be loaded: " + JCudaNatives.explain(e));
    } catch (RuntimeException e) {
      return nothing(String.valueOf(e.getMessage()));
    }
  }

  private static DeviceProbe askDriver() {
    int[] version = new int[1];
    check("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(version));
    if (version[0] < OLDEST_DRIVER) {
      return new DeviceProbe(
          version[0],
          List.of(),
          "driver too old: it runs CUDA "
              + version[0] / 1000
              + "."
              + version[0] / 10 % 100
              + " at most, 11.2 is needed; install a newer one");
    }
    int started = JCudaDriver.cuInit(0);
    if (started == CUresult.CUDA_ERROR_NO_DEVICE) {
      return noDevice(version[0]);
    }
    check("cuInit", started);
    int[] count = new int[1];
    check("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
    if (count[0] == 0) {
      return noDevice(version[0]);
    }
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < count[0]; i++) {
      found.add(device(i));
    }
    return new DeviceProbe(
        version[0],
        found,
        found.stream().anyMatch(Found::capable) ? "" : found.getFirst().tooLow());
  }

  private static DeviceProbe noDevice(int version) {
    return new DeviceProbe(
        version,
        List.of(),
        "no device: the driver sees no GPU; is CUDA_VISIBLE_DEVICES right, and is the GPU given to"
            + " this container?");
  }

  private static Found device(int ordinal) {
    CUdevice handle = new CUdevice();
    check("cuDeviceGet", JCudaDriver.cuDeviceGet(handle, ordinal));
    return new Found(ordinal, name(handle), capability(handle));
  }

  static String name(CUdevice handle) {
    byte[] text = new byte[256];
    check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(text, text.length, handle));
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  static int capability(CUdevice handle) {
    return 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, handle)
        + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, handle);
  }

  static int attribute(int which, CUdevice handle) {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, which, handle));
    return value[0];
  }

  private static DeviceProbe nothing(String fault) {
    return new DeviceProbe(0, List.of(), fault);
  }

  private static void check(String call, int status) {
    DriverStatus.check(call, status, "cuda");
  }
}
