package org.modalimmune.jmh.training;

import org.modalimmune.jmh.setup.Agreement;
import org.modalimmune.jmh.setup.BackendBenchmark;
import org.modalimmune.jmh.setup.Reference;
import org.modalimmune.tensor.DType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A whole training step: random draws, forward, backward, update. */
public class TrainingStepBenchmark extends BackendBenchmark {
  private static final int CHECKED_STEPS = 5;

  /** Relative error of a loss after some steps in the two arithmetics. */
  private static final double TOLERANCE = 1e-3;

  /** Rows. */
  @Param("128")
  public int batch;

  /** Element type. */
  @Param("FLOAT32")
  public DType dtype;

  private StepModel model;

  /** Builds the model, and checks the losses of some steps against the reference backend. */
  @Override
  protected void prepare() {
    double[] expected = Reference.compute(ops -> losses(new StepModel(ops, batch, dtype)));
    model = new StepModel(backend().ops(scope()), batch, dtype);
    Agreement.elementwise("training step, losses", losses(model), expected, TOLERANCE);
  }

  private static double[] losses(StepModel model) {
    double[] losses = new double[CHECKED_STEPS];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = model.stepAndLoss();
    }
    return losses;
  }

  /** One step. */
  @Benchmark
  public void step() {
    model.step();
  }
}
