package org.modalimmune.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/**
 * Gradient of each row's loss on its own, for a batch, from one backward walk (Goodfellow,
 * "Efficient per-example gradient computations", arXiv 1510.01799), and the diagonal of the
 * empirical Fisher information (1/B) sum_i g_i g_i' that follows from them.
 *
 * <p>Wanted are losses [B] in which loss i depends on row i of the batch alone, and parameters that
 * are leaves. Wherever a parameter enters, axis 0 of the result must be the batch; this holds for
 * weights and biases of {@link Matrix#linear}, right operands of {@link Matrix#matmul}, and vectors
 * that {@link Elementwise} adds, subtracts or multiplies to every row. A use of another kind throws
 * {@link NotRowwiseException}. That the rows are independent is not checked: a batch-wide mean
 * inside the model, say, makes the results meaningless. {@link #byRow} presumes neither.
 *
 * <p>Results are constants and read only.
 */
public final class PerSampleGradients {
  private PerSampleGradients() {}

  /**
   * The gradients, one tensor [B, ...parameter shape] per parameter.
   *
   * @throws NotRowwiseException if a parameter enters in a way that has no rule for rows
   * @throws IllegalArgumentException if the losses are not of rank 1 or a parameter is not a leaf
   */
  public static List<Variable> of(Variable losses, List<Variable> parameters) {
    long rows = requireLosses(losses);
    return perParameter(
        losses,
        parameters,
        (parameter, uses) ->
            uses.isEmpty()
                ? zeros(losses.tape(), parameter.dtype(), parameter.shape().inserted(0, rows))
                : total(uses));
  }

  /**
   * Sum over the rows of the squared gradients, one tensor of its shape per parameter; errors as
   * {@link #of}. A weight that is used once on a matrix of rows never takes memory times B.
   */
  public static List<Variable> squaredSum(Variable losses, List<Variable> parameters) {
    return perParameter(
        losses,
        parameters,
        (parameter, uses) ->
            switch (uses.size()) {
              case 0 -> zeros(losses.tape(), parameter.dtype(), parameter.shape());
              case 1 -> uses.getFirst().squaredSum();
              // a row's gradient is the sum over the uses, so squares cannot be taken one by one
              default -> Reduction.sum(Elementwise.square(total(uses)), 0);
            });
  }

  /**
   * The diagonal of the empirical Fisher information, (1/B) sum_i g_i^2; errors as {@link #of}.
   *
   * @throws IllegalArgumentException if there are no rows
   */
  public static List<Variable> meanSquare(Variable losses, List<Variable> parameters) {
    long rows = requireLosses(losses);
    if (rows == 0) {
      throw new IllegalArgumentException("per-sample gradients: a mean needs at least one row");
    }
    return squaredSum(losses, parameters).stream()
        .map(sum -> Elementwise.scale(sum, 1.0 / rows))
        .toList();
  }

  /**
   * The gradients, one backward walk per row: slow, but right for any use of the parameters. Each
   * row is computed in a frame of its own.
   *
   * @param rows size of the batch, B
   * @param lossOfRow computes the scalar loss of one row on the parameters' tape; with losses [B]
   *     at hand, {@code i -> Shaping.select(losses, 0, i)}
   * @param parameters at least one, all on one tape
   * @return one tensor [B, ...parameter shape] per parameter
   */
  public static List<Variable> byRow(
      int rows, IntFunction<Variable> lossOfRow, List<Variable> parameters) {
    if (parameters.isEmpty() || rows < 0) {
      throw new IllegalArgumentException(
          "per-sample gradients: needs a parameter and no negative number of rows, got "
              + parameters.size()
              + " and "
              + rows);
    }
    Tape tape = parameters.getFirst().tape();
    List<Tensor> results = new ArrayList<>();
    for (Variable p : parameters) {
      results.add(tape.scope().allocate(p.dtype(), p.shape().inserted(0, rows)));
    }
    for (int row = 0; row < rows; row++) {
      try (var _ = tape.frame()) {
        List<Variable> gradients = Gradients.of(lossOfRow.apply(row), parameters);
        for (int i = 0; i < results.size(); i++) {
          tape.ops().copyTo(gradients.get(i).tensor(), results.get(i).select(0, row));
        }
      }
    }
    return results.stream().map(tape::constant).toList();
  }

  private interface Summary {
    Variable of(Variable parameter, List<RowGradient> uses);
  }

  private static List<Variable> perParameter(
      Variable losses, List<Variable> parameters, Summary summary) {
    requireLosses(losses);
    Tape tape = losses.tape();
    for (Variable p : parameters) {
      Gradients.requireOn(tape, p);
      if (!p.isLeaf()) {
        throw new IllegalArgumentException(
            "per-sample gradients: " + p + " is not a leaf; make it one with Tape.leaf");
      }
    }
    boolean before = tape.setRecording(false);
    try {
      RowwisePass pass = new RowwisePass(losses, parameters);
      List<Variable> results = new ArrayList<>();
      for (int i = 0; i < parameters.size(); i++) {
        results.add(summary.of(parameters.get(i), pass.uses(i)));
      }
      return results;
    } finally {
      tape.setRecording(before);
    }
  }

  private static long requireLosses(Variable losses) {
    if (losses.shape().rank() != 1 || losses.isLeaf()) {
      throw new IllegalArgumentException(
          "per-sample gradients: needs computed losses [B], one per row, got " + losses);
    }
    return losses.shape().dim(0);
  }

  private static Variable total(List<RowGradient> uses) {
    Variable sum = uses.getFirst().each();
    for (RowGradient use : uses.subList(1, uses.size())) {
      sum = Elementwise.add(sum, use.each());
    }
    return sum;
  }

  private static Variable zeros(Tape tape, DType dtype, Shape shape) {
    return tape.constant(tape.ops().full(0, dtype, shape));
  }
}
