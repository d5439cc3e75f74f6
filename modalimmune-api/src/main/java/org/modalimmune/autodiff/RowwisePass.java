package org.modalimmune.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.modalimmune.annotation.Nullable;

/**
 * One backward walk that stops at the parameters and asks each operation they enter what every row
 * contributes, where an ordinary walk would sum over the rows.
 */
final class RowwisePass {
  private final Tape tape;
  private final long rows;
  private final List<Variable> parameters;
  private final List<List<RowGradient>> found = new ArrayList<>();

  /** Walks back from {@code losses} [rows]. */
  RowwisePass(Variable losses, List<Variable> parameters) {
    this.tape = losses.tape();
    this.rows = losses.shape().dim(0);
    this.parameters = parameters;
    for (Variable _ : parameters) {
      found.add(new ArrayList<>());
    }
    boolean[] relevant = Gradients.relevance(List.of(losses), parameters);
    for (Variable p : parameters) {
      if (p.position() < relevant.length) {
        relevant[p.position()] = false;
      }
    }
    Pullback.ReversePass pass = new Pullback.ReversePass(relevant, null);
    pass.accumulate(losses, tape.constant(tape.ops().full(1, losses.dtype(), losses.shape())));
    for (int position = losses.position(); position >= 0; position--) {
      Variable node = tape.tracked(position);
      @Nullable Variable cotangent = pass.cotangent(position);
      @Nullable Rule rule = node.rule();
      if (cotangent != null && rule != null) {
        Pullback pullback = new Pullback(node, cotangent, pass);
        collect(rule, pullback);
        rule.pullBack(pullback);
      }
    }
  }

  /** What the rows contribute to parameter {@code i}, one entry per use. */
  List<RowGradient> uses(int i) {
    return found.get(i);
  }

  @SuppressWarnings("ReferenceEquality") // a variable is a place on the tape, not a value
  private void collect(Rule rule, Pullback pullback) {
    for (int operand = 0; operand < pullback.inputCount(); operand++) {
      for (int i = 0; i < parameters.size(); i++) {
        if (parameters.get(i) == pullback.input(operand)) {
          found.get(i).add(rows(rule, pullback, operand));
        }
      }
    }
  }

  private RowGradient rows(Rule rule, Pullback pullback, int operand) {
    Optional<RowGradient> contribution =
        rule instanceof RowwiseRule rowwise
            ? rowwise.rows(pullback, operand, rows)
            : Optional.empty();
    return contribution.orElseThrow(
        () ->
            new NotRowwiseException(
                "per-sample gradients: parameter "
                    + pullback.input(operand)
                    + " enters "
                    + rule.operation()
                    + " as operand "
                    + operand
                    + ", with a result of shape "
                    + pullback.output().shape()
                    + " for "
                    + rows
                    + " rows; it may be weight or bias of linear, right operand of matmul, or a"
                    + " row vector that is added or multiplied, axis 0 of the result being the"
                    + " batch; otherwise use PerSampleGradients.byRow"));
  }
}
