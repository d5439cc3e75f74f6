package org.modalimmune.cpu;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.cpu.memory.HostAllocator;

/** Settings that both backends of this module share. */
final class HostSettings {
  /** Most mebibytes of tensor memory; the machine's memory if not given. */
  static final String MEMORY_LIMIT_MIB = "memory-limit-mib";

  private static final long MEBIBYTE = 1L << 20;
  private static final long RETAIN_BYTES = 256 * MEBIBYTE;

  private HostSettings() {}

  static HostAllocator allocator(String deviceName, BackendOptions options) {
    return new HostAllocator(deviceName, limitBytes(options.settings()), RETAIN_BYTES);
  }

  static void requireKnown(String backend, BackendOptions options, Set<String> known) {
    for (String name : new TreeSet<>(options.settings().keySet())) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "backend "
                + backend
                + ": unknown setting '"
                + name
                + "'; known: "
                + new TreeSet<>(known));
      }
    }
  }

  private static long limitBytes(Map<String, String> settings) {
    String given = settings.get(MEMORY_LIMIT_MIB);
    if (given == null) {
      return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
    try {
      long mebibytes = Long.parseLong(given);
      if (mebibytes > 0 && mebibytes <= Long.MAX_VALUE / MEBIBYTE) {
        return mebibytes * MEBIBYTE;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(limitMessage(given), e);
    }
    throw new IllegalArgumentException(limitMessage(given));
  }

  private static String limitMessage(String given) {
    return "setting " + MEMORY_LIMIT_MIB + ": needs a positive number of mebibytes, got " + given;
  }
}
