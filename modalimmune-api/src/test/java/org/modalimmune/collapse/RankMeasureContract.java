package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.GradientCheck;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** What holds of all three ranks: derivatives, invariances, range and edges. */
public abstract class RankMeasureContract extends OperatorContract {
  private static final List<RankMeasure> MEASURES =
      List.of(new StableRank(), new ParticipationRatio(), new EntropyRank());

  private static double rank(Tape tape, RankMeasure measure, DType dtype, Shape shape, double[] z) {
    return measure.of(tape.constant(tape.scope().of(dtype, shape, z))).tensor().item();
  }

  /**
   * At the same draws every run: now and then one has top eigenvalues so close that the rank bends
   * too fast for a difference, which the check refuses.
   */
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void derivativesAgreeWithDifferences(
      @ForAll @IntRange(max = 1) int seed,
      @ForAll @IntRange(min = 2, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 7) int columns) {
    // a square centred matrix may be nearly singular, where the entropy bends without bound
    int wide = Math.abs(rows - 1 - columns) < 2 ? columns + 3 : columns;
    onTape(
        tape -> {
          Tensor z =
              tape.scope()
                  .of(DType.FLOAT64, Shape.of(rows, wide), Embeddings.separated(seed, rows, wide));
          for (RankMeasure m : MEASURES) {
            new GradientCheck(tape.backend(), RandomKey.of(seed))
                .check(m.getClass().getSimpleName(), in -> weighted(m, in.getFirst()), List.of(z));
          }
        });
  }

  /** Times |Z|^2: between two rows the rank is constant, which leaves nothing to compare with. */
  private static Variable weighted(RankMeasure m, Variable z) {
    return Elementwise.multiply(m.of(z), Reduction.dot(z, z));
  }

  @Property
  void rotationPermutationScaleAndShiftChangeNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 24) int rows,
      @ForAll @IntRange(min = 1, max = 24) int columns,
      @ForAll @IntRange(min = -40, max = 40) int exponent) {
    double[] z = Embeddings.separated(seed, rows, columns);
    int[] order = new int[rows];
    for (int i = 0; i < rows; i++) {
      order[i] = i;
    }
    new RandomStream(RandomKey.of(seed)).shuffle(order);
    double[] permuted = new double[z.length];
    double[] scaled = new double[z.length];
    double[] shifted = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      permuted[i] = z[order[i / columns] * columns + i % columns];
      scaled[i] = Math.scalb(-z[i], exponent);
      shifted[i] = z[i] + 2 * (i % columns) - 1;
    }
    double spread = Embeddings.spread(z, rows, columns);
    Shape shape = Shape.of(rows, columns);
    onTape(
        tape -> {
          for (DType dtype : DType.values()) {
            for (RankMeasure m : MEASURES) {
              double expected = rank(tape, m, dtype, shape, z);
              double top = Math.min(rows - 1, columns);
              // rounding moves an element by u (2 columns + |z|), shifts included, and with d that
              // over |Zc| the logarithm of a rank r <= k by 8 sqrt(k) d at most: p = sigma^2/|Zc|^2
              // moves by 2 sqrt(p) d + 2 p d, and all d of the singular values together by d
              // (Mirsky). 64 covers this for |Zc| >= 4 and the eigensolver's own k u
              double bound =
                  64
                      * columns
                      * Math.sqrt(z.length)
                      * dtype.unitRoundoff()
                      * expected
                      * Math.max(1, 4 / spread);
              assertTrue(
                  expected >= 1 - bound && expected <= top + bound, () -> m + ": " + expected);
              assertEquals(expected, rank(tape, m, dtype, shape, permuted), bound);
              assertEquals(expected, rank(tape, m, dtype, shape, scaled), bound);
              assertEquals(expected, rank(tape, m, dtype, shape, shifted), bound);
              assertEquals(
                  expected,
                  rank(tape, m, dtype, shape, Embeddings.rotated(seed, z, rows, columns)),
                  bound);
            }
          }
        });
  }

  @Test
  void extremeMagnitudesNeitherOverflowNorVanish() {
    double[] z = Embeddings.separated(5, 6, 3);
    onTape(
        tape -> {
          for (DType dtype : DType.values()) {
            int far = dtype == DType.FLOAT32 ? 120 : 1000;
            for (RankMeasure m : MEASURES) {
              double expected = rank(tape, m, dtype, Shape.of(6, 3), z);
              for (int exponent : new int[] {-far, far}) {
                double[] scaled = z.clone();
                for (int i = 0; i < z.length; i++) {
                  scaled[i] = Math.scalb(z[i], exponent);
                }
                assertEquals(
                    expected,
                    rank(tape, m, dtype, Shape.of(6, 3), scaled),
                    64 * dtype.unitRoundoff() * expected);
              }
            }
          }
        });
  }

  @Test
  void aLargeConstantColumnDoesNotDrownSmallOnes() {
    double[] z = Embeddings.separated(5, 6, 3);
    double[] beside = z.clone();
    for (int i = 0; i < 6; i++) {
      z[i * 3 + 1] = 0;
      for (int j = 0; j < 3; j++) {
        beside[i * 3 + j] = j == 1 ? 0x1p80 : Math.scalb(z[i * 3 + j], -20);
      }
    }
    onTape(
        tape -> {
          for (RankMeasure m : MEASURES) {
            double expected = rank(tape, m, DType.FLOAT32, Shape.of(6, 3), z);
            double got = rank(tape, m, DType.FLOAT32, Shape.of(6, 3), beside);
            assertEquals(expected, got, 64 * 0x1p-24 * expected);
          }
        });
  }

  @Test
  void withoutVarianceTheRankIsOneAndTheGradientZero() {
    double[] z = new double[5000 * 3];
    for (int i = 0; i < z.length; i++) {
      z[i] = new double[] {0.1, -1e6 / 3, 7e-9}[i % 3];
    }
    onTape(
        tape -> {
          for (DType dtype : DType.values()) {
            Tensor t = tape.scope().of(dtype, Shape.of(5000, 3), z);
            for (RankMeasure m : MEASURES) {
              RankGradient r = m.evaluate(tape.ops(), t);
              assertEquals(1, r.value());
              assertArrayEquals(new double[z.length], r.gradient().toDoubleArray());
              Tensor product = m.hessianVectorProduct(tape.ops(), t, t);
              assertArrayEquals(new double[z.length], product.toDoubleArray());
            }
          }
        });
  }

  @Test
  void aVariationOfOneUnitInTheLastPlaceIsNotConstant() {
    onTape(
        tape -> {
          float m = 4096.1f;
          Tensor t = tape.scope().of(Shape.of(3, 1), m, Math.nextUp(m), m);
          StableRankResult r = new StableRank().analyse(tape.constant(t));
          assertTrue(r.largest() > 0);
        });
  }

  @Test
  void oneColumnOrTwoRowsHaveRankOneEverywhere() {
    onTape(
        tape -> {
          for (Shape shape : List.of(Shape.of(6, 1), Shape.of(2, 6), Shape.of(2, 1))) {
            int n = (int) shape.elements();
            Tensor t = tape.scope().of(DType.FLOAT64, shape, Embeddings.normal(8, n));
            for (RankMeasure m : MEASURES) {
              RankGradient r = m.evaluate(tape.ops(), t);
              assertEquals(1, r.value(), 64 * 0x1p-53);
              // the gradient is the difference of two terms of size 2 / |Zc|
              assertArrayEquals(new double[n], r.gradient().toDoubleArray(), 1e-12);
            }
          }
        });
  }

  @Test
  void aMillionRowsKeepTheirDigitsInFloat32() {
    int rows = cases(1_000_000);
    float[] z = new float[rows * 4];
    RandomStream random = new RandomStream(RandomKey.of(3));
    double[] sums = new double[4];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 4; j++) {
        z[i * 4 + j] = (float) ((4 - j) * (random.nextDouble() - 0.5) + 10);
        sums[j] += z[i * 4 + j];
      }
    }
    double[] s = new double[16];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 16; j++) {
        s[j] += (z[i * 4 + j / 4] - sums[j / 4] / rows) * (z[i * 4 + j % 4] - sums[j % 4] / rows);
      }
    }
    onTape(
        tape -> {
          Tensor exact = tape.scope().of(DType.FLOAT64, Shape.of(4, 4), s);
          double[] l = tape.ops().symmetricEigen(exact).values().toDoubleArray();
          double expected = (l[0] + l[1] + l[2] + l[3]) / l[0];
          Variable embedding = tape.constant(tape.scope().of(Shape.of(rows, 4), z));
          StableRankResult r = new StableRank().analyse(embedding);
          // centring rounds each element by u 10, in random directions; the Gram panels by
          // gamma_4096 at the very worst, the square root of that in practice
          assertEquals(expected, r.value(), 128 * 0x1p-24 * expected);
          assertEquals(l[0] / (rows - 1), r.largest(), 128 * 0x1p-24 * r.largest());
        });
  }

  @Test
  void badEmbeddingsAreRefusedByName() {
    onTape(
        tape -> {
          for (RankMeasure m : MEASURES) {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
              Variable z =
                  tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(2, 2), 1, 2, bad, 4));
              String message =
                  assertThrows(IllegalArgumentException.class, () -> m.of(z)).getMessage();
              assertTrue(message.contains("embedding [2, 2] holds NaN or infinity"), message);
            }
            for (Shape shape : List.of(Shape.of(1, 3), Shape.of(3), Shape.of(3, 0))) {
              Variable z = tape.constant(tape.scope().zeros(DType.FLOAT64, shape));
              assertThrows(IllegalArgumentException.class, () -> m.of(z));
            }
          }
        });
  }

  @Test
  void aThirdDerivativeOfTheEntropyIsRefusedAndOfTheOthersRight() {
    onTape(
        tape -> {
          Variable z =
              tape.leaf(
                  tape.scope().of(DType.FLOAT64, Shape.of(5, 3), Embeddings.separated(4, 5, 3)));
          Variable d =
              tape.constant(
                  tape.scope().of(DType.FLOAT64, Shape.of(5, 3), Embeddings.normal(9, 15)));
          Variable entropy = curvature(new EntropyRank().of(z), z, d);
          assertThrows(
              UnsupportedOperationException.class, () -> Gradients.of(entropy, List.of(z)));
          new GradientCheck(tape.backend(), RandomKey.of(1))
              .checkSecondOrder(
                  "curvature of the stable rank",
                  in -> {
                    Variable x = in.getFirst();
                    Variable along =
                        x.tape()
                            .constant(
                                x.tape()
                                    .scope()
                                    .of(DType.FLOAT64, Shape.of(5, 3), d.tensor().toDoubleArray()));
                    return curvature(new StableRank().of(x), x, along);
                  },
                  List.of(z.tensor()));
        });
  }

  /** The second derivative of a rank along d, as a function that can be differentiated. */
  private static Variable curvature(Variable rank, Variable z, Variable d) {
    Variable first = Gradients.differentiable(rank, List.of(z)).getFirst();
    Variable slope = Reduction.dot(first, d);
    Variable second = Gradients.differentiable(slope, List.of(z)).getFirst();
    return Reduction.dot(second, d);
  }
}
