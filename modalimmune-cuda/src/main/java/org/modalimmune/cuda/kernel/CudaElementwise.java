package org.modalimmune.cuda.kernel;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.ElementwiseKernels;
import org.modalimmune.backend.kernel.UnaryOp;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/**
 * Element-wise kernels: 16 bytes at a time on dense tensors, element by element on other views.
 * Operations on one dense length are gathered to chains, unless that is switched off.
 */
public final class CudaElementwise implements ElementwiseKernels {
  private final Launcher launcher;
  private final Grid grid;
  private final KernelTable kernels;
  private final CopyKernels copies;
  private final Optional<ElementwiseChain> chain;

  /**
   * @param launcher compiles and starts kernels; with fusion, its pending work is this object's
   * @param fusion whether operations that follow each other run as one kernel
   */
  public CudaElementwise(Launcher launcher, boolean fusion) {
    this.launcher = launcher;
    this.grid = new Grid(launcher);
    List<String> entries =
        ElementFunction.values().stream()
            .flatMap(f -> Stream.of(f.entry() + "_dense", f.entry() + "_strided"))
            .toList();
    this.kernels = new KernelTable(launcher, "elementwise.cu", entries);
    this.copies = new CopyKernels(launcher);
    this.chain = fusion ? Optional.of(new ElementwiseChain(launcher, kernels)) : Optional.empty();
    chain.ifPresent(launcher::setPending);
  }

  @Override
  public void unary(UnaryOp op, Tensor x, Tensor out) {
    run(ElementFunction.of(op), 0, 0, x, x, x, out);
  }

  @Override
  public void binary(BinaryOp op, Tensor a, Tensor b, Tensor out) {
    run(ElementFunction.of(op), 0, 0, a, b, a, out);
  }

  @Override
  public void select(Tensor condition, Tensor a, Tensor b, Tensor out) {
    run(ElementFunction.SELECT, 0, 0, condition, a, b, out);
  }

  @Override
  public void affine(Tensor x, double scale, double shift, Tensor out) {
    run(ElementFunction.AFFINE, scale, shift, x, x, x, out);
  }

  @Override
  public void clamp(Tensor x, double low, double high, Tensor out) {
    run(ElementFunction.CLAMP, low, high, x, x, x, out);
  }

  @Override
  public void axpy(double alpha, Tensor x, Tensor y) {
    run(ElementFunction.AXPY, alpha, 0, x, y, y, y);
  }

  @Override
  public void fill(double value, Tensor out) {
    run(ElementFunction.FILL, value, 0, out, out, out, out);
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    if (x.dtype() != out.dtype()) {
      copies.convert(x, out);
    } else if (!copies.transpose(x, out)) {
      run(ElementFunction.COPY, 0, 0, x, x, x, out);
    }
  }

  private void run(
      ElementFunction f, double s0, double s1, Tensor a, Tensor b, Tensor c, Tensor out) {
    long n = out.elements();
    if (n == 0) {
      return;
    }
    boolean dense = out.isContiguous() && a.isContiguous() && b.isContiguous() && c.isContiguous();
    if (chain.isPresent() && out.isContiguous() && chain.get().append(f, s0, s1, a, b, c, out)) {
      return;
    }
    if (dense) {
      LaunchArguments arguments = launcher.arguments();
      appendAddresses(arguments, f, a, b, c, out);
      arguments.of(n);
      appendScalars(arguments, f, out.dtype(), s0, s1);
      grid.overPacks(kernels.get(2 * f.id(), out.dtype()), n, arguments);
    } else {
      strided(f, s0, s1, a, b, c, out);
    }
  }

  private void strided(
      ElementFunction f, double s0, double s1, Tensor a, Tensor b, Tensor c, Tensor out) {
    Walk walk =
        switch (f.operands()) {
          case 0 -> Walk.of(out);
          case 1 -> Walk.of(a, out);
          case 2 -> Walk.of(a, b, out);
          default -> Walk.of(a, b, c, out);
        };
    if (!walk.fits()) {
      for (long i = 0; i < out.shape().dim(0); i++) {
        run(f, s0, s1, a.select(0, i), b.select(0, i), c.select(0, i), out.select(0, i));
      }
      return;
    }
    LaunchArguments arguments = launcher.arguments();
    appendAddresses(arguments, f, a, b, c, out);
    walk.pack(arguments);
    appendScalars(arguments, f, out.dtype(), s0, s1);
    grid.overThreads(kernels.get(2 * f.id() + 1, out.dtype()), walk.count(), arguments);
  }

  private static void appendAddresses(
      LaunchArguments arguments, ElementFunction f, Tensor a, Tensor b, Tensor c, Tensor out) {
    if (f.operands() > 0) {
      arguments.address(a);
    }
    if (f.operands() > 1) {
      arguments.address(b);
    }
    if (f.operands() > 2) {
      arguments.address(c);
    }
    arguments.address(out);
  }

  private static void appendScalars(
      LaunchArguments arguments, ElementFunction f, DType type, double s0, double s1) {
    if (f.scalars() > 0) {
      arguments.scalar(type, s0);
    }
    if (f.scalars() > 1) {
      arguments.scalar(type, s1);
    }
  }
}
