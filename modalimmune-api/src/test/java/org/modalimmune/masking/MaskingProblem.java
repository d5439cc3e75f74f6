package org.modalimmune.masking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.modalimmune.hypergradient.DenseOperator;
import org.modalimmune.hypergradient.LinearOperator;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;

/**
 * Blocks and a dense Hessian whose elements are small whole numbers, so that products with vectors
 * of few digits are exact.
 */
final class MaskingProblem implements BlockHessian {
  final List<GradientBlock> blocks = new ArrayList<>();
  final double[] hessian;
  final int size;
  int products;
  private final int[] offsets;

  private MaskingProblem(int[] sizes, RandomStream random) {
    offsets = new int[sizes.length + 1];
    for (int b = 0; b < sizes.length; b++) {
      offsets[b + 1] = offsets[b] + sizes[b];
      double[] fisher = draws(random, sizes[b]);
      for (int i = 0; i < fisher.length; i++) {
        fisher[i] = Math.abs(fisher[i]);
      }
      blocks.add(
          GradientBlock.of("block " + b, draws(random, sizes[b]), draws(random, sizes[b]), fisher));
    }
    size = offsets[sizes.length];
    hessian = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double h = random.nextInt(9) - 4 + (i == j ? random.nextInt(9) : 0);
        hessian[i * size + j] = h;
        hessian[j * size + i] = h;
      }
    }
  }

  /** One to four blocks of 0 to 5 parameters. */
  static MaskingProblem draw(long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    int[] sizes = new int[1 + random.nextInt(4)];
    for (int b = 0; b < sizes.length; b++) {
      sizes[b] = random.nextInt(6);
    }
    return new MaskingProblem(sizes, random);
  }

  static MaskingProblem of(long seed, int... sizes) {
    return new MaskingProblem(sizes, new RandomStream(RandomKey.of(seed)));
  }

  /** Multiples of 1/8 from -4 to 4. */
  private static double[] draws(RandomStream random, int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = (random.nextInt(65) - 32) / 8.0;
    }
    return x;
  }

  double[] blockHessian(int block) {
    int n = blocks.get(block).size();
    double[] h = new double[n * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(hessian, (offsets[block] + i) * size + offsets[block], h, i * n, n);
    }
    return h;
  }

  /** Elements of one block out of an array over all. */
  double[] part(int block, double[] all) {
    return Arrays.copyOfRange(all, offsets[block], offsets[block + 1]);
  }

  double[] destructive() {
    return joined(GradientBlock::destructive);
  }

  double[] clean() {
    return joined(GradientBlock::clean);
  }

  private double[] joined(Function<GradientBlock, double[]> what) {
    return blocks.stream().map(what).flatMapToDouble(Arrays::stream).toArray();
  }

  double[] times(double[] x) {
    double[] y = new double[size];
    counting(new DenseOperator(size, hessian)).apply(x, y);
    return y;
  }

  @Override
  public LinearOperator joint() {
    return size == 0 ? counting(empty()) : counting(new DenseOperator(size, hessian));
  }

  @Override
  public <T> T onBlock(int block, Function<LinearOperator, T> use) {
    return use.apply(counting(new DenseOperator(blocks.get(block).size(), blockHessian(block))));
  }

  private static LinearOperator empty() {
    return new LinearOperator() {
      @Override
      public int dimension() {
        return 0;
      }

      @Override
      public void apply(double[] x, double[] y) {}
    };
  }

  private LinearOperator counting(LinearOperator h) {
    return new LinearOperator() {
      @Override
      public int dimension() {
        return h.dimension();
      }

      @Override
      public void apply(double[] x, double[] y) {
        products++;
        h.apply(x, y);
      }
    };
  }
}
