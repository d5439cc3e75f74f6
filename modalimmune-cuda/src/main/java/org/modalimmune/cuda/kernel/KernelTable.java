package org.modalimmune.cuda.kernel;

import java.util.List;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.tensor.DType;

/** Some entries of one source for each element type, looked up by number without a search. */
final class KernelTable {
  private final Launcher launcher;
  private final String source;
  private final List<String> entries;
  // filled by whoever comes first; a second look-up finds the same kernel
  private final DeviceKernel[] loaded;

  /**
   * @param source file name
   * @param entries names of the kernels
   */
  KernelTable(Launcher launcher, String source, List<String> entries) {
    this.launcher = launcher;
    this.source = source;
    this.entries = List.copyOf(entries);
    this.loaded = new DeviceKernel[2 * entries.size()];
  }

  /** The kernel of an entry by its number in the list. */
  DeviceKernel get(int entry, DType type) {
    int at = 2 * entry + (type == DType.FLOAT32 ? 0 : 1);
    DeviceKernel kernel = loaded[at];
    if (kernel == null) {
      kernel = launcher.kernel(source, entries.get(entry), type);
      loaded[at] = kernel;
    }
    return kernel;
  }
}
