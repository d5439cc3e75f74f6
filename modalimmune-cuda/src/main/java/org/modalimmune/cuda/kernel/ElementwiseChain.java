package org.modalimmune.cuda.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.modalimmune.cuda.driver.DeviceKernel;
import org.modalimmune.cuda.driver.PendingWork;
import org.modalimmune.tensor.Tensor;

/**
 * Gathers element-wise operations that follow each other and runs them as one kernel, which reads
 * each input once and keeps intermediate results in registers. Every output is written unless its
 * memory was released or overwritten before. The operations are those of the separate kernels, so
 * the bits are the same.
 *
 * <p>The chain runs before anything else is given to the stream. A shape of chain that comes for
 * the first time runs as separate kernels: compiling pays off for what is repeated.
 */
final class ElementwiseChain implements PendingWork {
  // programs repeat a few dozen shapes; one that makes ever new ones must not fill the memory
  private static final int MAX_SHAPES = 4096;

  private final Launcher launcher;
  private final Grid grid;
  private final KernelTable separate;
  private final LaunchArguments arguments = new LaunchArguments();
  private final Chain chain = new Chain();
  private final ChainCall call = new ChainCall();
  private final ChainShape shape = new ChainShape();
  // a shape's kernel, as soon as it came twice
  private final Map<ChainShape, Optional<DeviceKernel>> kernels = new HashMap<>();
  private int compiled;
  private boolean running;

  /**
   * @param launcher the stream's launcher, whose lock guards the chain
   * @param separate kernels of the functions on dense memory, by twice the function's number
   */
  ElementwiseChain(Launcher launcher, KernelTable separate) {
    this.launcher = launcher;
    this.grid = new Grid(launcher);
    this.separate = separate;
  }

  /**
   * Appends an operation whose output is dense, unless its operands are neither that nor stretched;
   * unused operands are ignored.
   *
   * @return whether it was appended
   */
  boolean append(
      ElementFunction f, double s0, double s1, Tensor a, Tensor b, Tensor c, Tensor out) {
    synchronized (launcher.stream()) {
      call.set(f, s0, s1, a, b, c, out);
      if (!call.isChainable()) {
        return false;
      }
      if (!chain.append(call)) {
        flush();
        chain.append(call);
      }
      return true;
    }
  }

  @Override
  public void released(long address) {
    chain.release(address);
  }

  @Override
  public void flush() {
    if (running || chain.size() == 0) {
      return;
    }
    // a launch asks for pending work to be done first: not for this again
    running = true;
    try {
      if (!chain.hasResult()) {
        return;
      }
      Optional<DeviceKernel> kernel = fused();
      if (kernel.isPresent()) {
        launchFused(kernel.get());
      } else {
        for (int j = 0; j < chain.size(); j++) {
          launchSeparately(j);
        }
      }
    } finally {
      chain.clear();
      running = false;
    }
  }

  /** Number of kernels that were generated so far. */
  int compiled() {
    return compiled;
  }

  private Optional<DeviceKernel> fused() {
    if (chain.size() == 1) {
      return Optional.empty();
    }
    chain.describe(shape);
    Optional<DeviceKernel> known = kernels.get(shape);
    if (known == null) {
      if (kernels.size() < MAX_SHAPES) {
        kernels.put(shape.copy(), Optional.empty());
      }
      return Optional.empty();
    }
    if (known.isEmpty()) {
      known = Optional.of(launcher.kernel(ChainSource.of(chain), ChainSource.ENTRY));
      kernels.put(shape.copy(), known);
      compiled++;
    }
    return known;
  }

  private void launchFused(DeviceKernel kernel) {
    arguments.reset().of(chain.elements());
    for (int i = 0; i < chain.inputCount(); i++) {
      arguments.of(chain.input(i));
      if (chain.spread(i).isPeriodic()) {
        appendPeriod(chain.inputPeriod(i));
      }
    }
    for (int j = 0; j < chain.size(); j++) {
      if (chain.isStored(j)) {
        arguments.of(chain.output(j));
      }
    }
    for (int j = 0; j < chain.size(); j++) {
      appendScalars(j);
    }
    grid.overPacks(kernel, chain.elements(), arguments);
  }

  private void launchSeparately(int j) {
    ElementFunction f = chain.function(j);
    arguments.reset();
    boolean dense = true;
    for (int k = 0; k < f.operands(); k++) {
      arguments.of(chain.source(j, k));
      dense &= chain.spread(j, k) == Spread.DENSE;
    }
    arguments.of(chain.output(j));
    if (dense) {
      arguments.of(chain.elements());
    } else {
      stretched(j).pack(arguments);
    }
    appendScalars(j);
    if (dense) {
      grid.overPacks(separate.get(2 * f.id(), chain.type()), chain.elements(), arguments);
    } else {
      grid.overThreads(separate.get(2 * f.id() + 1, chain.type()), chain.elements(), arguments);
    }
  }

  /** Positions of an operation that reads elements again and again. */
  private Walk stretched(int j) {
    int operands = chain.function(j).operands();
    long period = chain.period(j);
    long[][] strides = new long[operands + 1][];
    for (int k = 0; k < operands; k++) {
      strides[k] =
          switch (chain.spread(j, k)) {
            case ONE -> new long[] {0, 0};
            case ROW -> new long[] {0, 1};
            case COLUMN -> new long[] {1, 0};
            default -> new long[] {period, 1};
          };
    }
    strides[operands] = new long[] {period, 1};
    return new Walk(new long[] {chain.elements() / period, period}, strides);
  }

  /** The structure {@code Period} of {@code spread.cuh}. */
  private void appendPeriod(long period) {
    arguments.of(period).of(Walk.magic(period)).of(Walk.shift(period));
    arguments.of(chain.elements() <= Integer.MAX_VALUE ? 1 : 0);
  }

  private void appendScalars(int j) {
    for (int k = 0; k < chain.function(j).scalars(); k++) {
      arguments.scalar(chain.type(), chain.scalar(j, k));
    }
  }
}
