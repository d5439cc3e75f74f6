package org.modalimmune.cuda.kernel;

import java.util.List;
import org.modalimmune.backend.kernel.AdamWStep;
import org.modalimmune.backend.kernel.OptimizerKernels;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Tensor;

/** Parameter updates, each state read and written once. */
public final class CudaOptimizer implements OptimizerKernels {
  private static final int ADAMW = 0;
  private static final int MOMENTUM = 1;

  private final Launcher launcher;
  private final Grid grid;
  private final KernelTable kernels;

  /** Kernels on the launcher's stream. */
  public CudaOptimizer(Launcher launcher) {
    this.launcher = launcher;
    this.grid = new Grid(launcher);
    this.kernels = new KernelTable(launcher, "optimizer.cu", List.of("adamw", "momentum_step"));
  }

  @Override
  public void adamW(AdamWStep settings, Tensor gradient, Tensor parameter, Tensor m, Tensor v) {
    long n = parameter.elements();
    if (n == 0) {
      return;
    }
    DType type = parameter.dtype();
    double step = (double) settings.step();
    double correction1 = 1 - StrictMath.pow(settings.beta1(), step);
    double correction2 = 1 - StrictMath.pow(settings.beta2(), step);
    LaunchArguments a = launcher.arguments();
    a.address(gradient).address(parameter).address(m).address(v).of(n);
    a.scalar(type, settings.beta1()).scalar(type, 1 - settings.beta1());
    a.scalar(type, settings.beta2()).scalar(type, 1 - settings.beta2());
    a.scalar(type, settings.learningRate() / correction1);
    a.scalar(type, 1 / Math.sqrt(correction2)).scalar(type, settings.epsilon());
    a.scalar(type, settings.learningRate() * settings.weightDecay());
    grid.overPacks(kernels.get(ADAMW, type), n, a);
  }

  @Override
  public void momentum(
      double learningRate,
      double momentum,
      double weightDecay,
      boolean nesterov,
      Tensor gradient,
      Tensor parameter,
      Tensor velocity) {
    long n = parameter.elements();
    if (n == 0) {
      return;
    }
    DType type = parameter.dtype();
    LaunchArguments a = launcher.arguments();
    a.address(gradient).address(parameter).address(velocity).of(n);
    a.scalar(type, learningRate).scalar(type, momentum).scalar(type, weightDecay);
    a.of(nesterov ? 1 : 0);
    grid.overPacks(kernels.get(MOMENTUM, type), n, a);
  }
}
