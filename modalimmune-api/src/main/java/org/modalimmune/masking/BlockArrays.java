package org.modalimmune.masking;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Tensor;

/** Parameters of blocks as plain arrays, one per block, and back. */
final class BlockArrays {
  private BlockArrays() {}

  /** The elements of {@code values}, one variable per parameter of all blocks in order. */
  static List<double[]> read(List<ParameterBlock> blocks, List<Variable> values) {
    List<double[]> arrays = new ArrayList<>();
    int next = 0;
    for (ParameterBlock block : blocks) {
      double[] array = new double[size(block)];
      int at = 0;
      for (int i = 0; i < block.parameters().size(); i++) {
        double[] part = values.get(next++).tensor().toDoubleArray();
        System.arraycopy(part, 0, array, at, part.length);
        at += part.length;
      }
      arrays.add(array);
    }
    return arrays;
  }

  /** New tensors in the parameters' tape's innermost frame; refuses what overflows its type. */
  static List<List<Tensor>> tensors(List<ParameterBlock> blocks, List<double[]> arrays) {
    List<List<double[]>> parts = new ArrayList<>();
    for (int b = 0; b < blocks.size(); b++) {
      parts.add(parts(blocks.get(b), arrays.get(b)));
    }
    List<List<Tensor>> tensors = new ArrayList<>();
    for (int b = 0; b < blocks.size(); b++) {
      List<Tensor> block = new ArrayList<>();
      for (int i = 0; i < parts.get(b).size(); i++) {
        Variable like = blocks.get(b).parameters().get(i);
        Scope scope = like.tape().scope();
        block.add(scope.of(like.dtype(), like.shape(), parts.get(b).get(i)));
      }
      tensors.add(block);
    }
    return tensors;
  }

  private static List<double[]> parts(ParameterBlock block, double[] array) {
    List<double[]> parts = new ArrayList<>();
    int at = 0;
    for (Variable like : block.parameters()) {
      double[] part = new double[Math.toIntExact(like.shape().elements())];
      System.arraycopy(array, at, part, 0, part.length);
      at += part.length;
      if (like.dtype() == DType.FLOAT32) {
        requireFloats(block, part);
      }
      parts.add(part);
    }
    return parts;
  }

  private static void requireFloats(ParameterBlock block, double[] values) {
    for (double v : values) {
      if (Float.isInfinite((float) v)) {
        throw new ArithmeticException(
            "masking: block "
                + block.name()
                + ": the sum of the gradients exceeds the range of float32: "
                + v);
      }
    }
  }

  static int size(ParameterBlock block) {
    return Math.toIntExact(block.parameters().stream().mapToLong(v -> v.shape().elements()).sum());
  }
}
