package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Ops;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;
import org.modalimmune.tensor.Tensor;

/** Accuracy report, ties, warm start and the path on which no Gram matrix is formed. */
public abstract class StableRankContract extends OperatorContract {
  private static final int ROWS = 512;

  /**
   * A centred embedding with known singular values: sum over k of s_k w_k h_k', w_k and h_k Walsh
   * functions on rows and columns. The covariance's eigenvalues are s_k^2 ROWS columns / (ROWS -
   * 1).
   */
  private static double[] known(int columns, double... s) {
    double[] z = new double[ROWS * columns];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < s.length; k++) {
          z[i * columns + j] += s[k] * Embeddings.walsh(k + 1, i) * Embeddings.walsh(3 * k + 2, j);
        }
      }
    }
    return z;
  }

  /** Widths at which no Gram matrix is formed. */
  private int[] widths() {
    return cases(2) < 2 ? new int[] {512} : new int[] {512, 1024};
  }

  private static double[] spectrum() {
    double[] s = new double[120];
    for (int k = 0; k < s.length; k++) {
      s[k] = 1 / (1 + 0.25 * k);
    }
    return s;
  }

  @Test
  void withoutAGramMatrixTheKnownSpectrumIsFound() {
    double[] s = spectrum();
    double squares = HostVectors.dot(s, s);
    onTape(
        tape -> {
          for (int columns : widths()) {
            assertEquals(GramCosts.Way.MULTIPLY, GramCosts.of(ROWS, columns).best());
            double unit = (double) ROWS * columns / (ROWS - 1);
            for (DType dtype : DType.values()) {
              Tensor z = tape.scope().of(dtype, Shape.of(ROWS, columns), known(columns, s));
              StableRankResult r = new StableRank().analyse(tape.constant(z));
              double bound = 128 * dtype.unitRoundoff();
              assertTrue(r.converged());
              assertFalse(r.tied());
              assertEquals(squares, r.value(), bound * squares);
              assertEquals(unit, r.largest(), bound * unit);
              assertTrue(r.residual() <= bound * r.largest());
              // estimated to a tenth
              assertEquals(unit * (1 - 0.64), r.gap(), 0.1 * unit);
              for (int j = 0; j < columns; j++) {
                double expected = Embeddings.walsh(2, j) / Math.sqrt(columns);
                double sign = Math.signum(r.direction()[0]);
                // the residual over the relative gap, 1 - 0.64
                assertEquals(expected, sign * r.direction()[j], bound / 0.3);
              }
            }
          }
        });
  }

  @Test
  void withoutAGramMatrixProductsWithTheHessianAgreeWithDifferencesOfGradients() {
    onTape(
        tape -> {
          for (int columns : widths()) {
            Shape shape = Shape.of(ROWS, columns);
            double[] z = known(columns, spectrum());
            double[] d = Embeddings.normal(6, z.length);
            StableRank rank = new StableRank();
            double h = 0x1p-17;
            double[] moved = z.clone();
            HostVectors.axpy(h, d, moved);
            double[] above = gradient(tape, rank, shape, moved);
            HostVectors.axpy(-2 * h, d, moved);
            double[] below = gradient(tape, rank, shape, moved);
            Tensor product =
                rank.hessianVectorProduct(
                    tape.ops(),
                    tape.scope().of(DType.FLOAT64, shape, z),
                    tape.scope().of(DType.FLOAT64, shape, d));
            double[] got = product.toDoubleArray();
            double[] error = got.clone();
            HostVectors.axpy(-1 / (2 * h), above, error);
            HostVectors.axpy(1 / (2 * h), below, error);
            // truncation h^2 |d|^2 and rounding u/h, both below 1e-7 of the product
            assertTrue(HostVectors.norm(error) <= 1e-7 * HostVectors.norm(got));
          }
        });
  }

  private static double[] gradient(Tape tape, StableRank rank, Shape shape, double[] z) {
    Tensor t = tape.scope().of(DType.FLOAT64, shape, z);
    return rank.evaluate(tape.ops(), t).gradient().toDoubleArray();
  }

  @Test
  void theLastDirectionSavesProducts() {
    onTape(
        tape -> {
          Tensor z = tape.scope().of(DType.FLOAT64, Shape.of(ROWS, 512), known(512, spectrum()));
          StableRank rank = new StableRank();
          StableRankResult cold = rank.analyse(tape.constant(z));
          StableRankResult warm = rank.analyse(tape.constant(z), cold.direction());
          assertTrue(warm.products() < cold.products(), warm + " after " + cold);
          assertEquals(cold.value(), warm.value(), 128 * 0x1p-53 * cold.value());
          // even if the leading pair is known at once
          assertEquals(cold.gap(), warm.gap(), 0.1 * cold.gap());
          WarmStableRank keeping = new WarmStableRank(rank);
          assertEquals(cold.products(), keeping.analyse(tape.constant(z)).products());
          assertEquals(warm.products(), keeping.analyse(tape.constant(z)).products());
          assertArrayEquals(warm.direction(), keeping.direction().orElseThrow());
          // so few columns are decomposed, with a start or without
          Variable narrow = tape.constant(z.slice(1, 0, 5));
          StableRankResult whole = keeping.analyse(narrow);
          assertEquals(5, whole.direction().length);
          assertEquals(1, whole.products());
          StableRankResult again = keeping.analyse(narrow);
          assertEquals(1, again.products());
          assertArrayEquals(whole.direction(), again.direction());
        });
  }

  @Test
  void aTieIsSeenAndItsSubgradientIsTheSameEachTime() {
    onTape(
        tape -> {
          Tensor cross = tape.scope().of(DType.FLOAT64, Shape.of(4, 2), 1, 0, -1, 0, 0, 1, 0, -1);
          Variable z = tape.leaf(cross);
          StableRank rank = new StableRank();
          StableRankResult first = rank.analyse(z);
          StableRankResult second = rank.analyse(z);
          assertTrue(first.tied());
          assertEquals(2, first.value(), 8 * 0x1p-53);
          assertArrayEquals(first.direction(), second.direction());
          double[] g = Gradients.of(first.rank(), List.of(z)).getFirst().tensor().toDoubleArray();
          double[] v = first.direction();
          double[] x = cross.toDoubleArray();
          for (int i = 0; i < 8; i++) {
            double along = x[i / 2 * 2] * v[0] + x[i / 2 * 2 + 1] * v[1];
            // |Zc|_2^2 = 2, r = 2
            assertEquals(x[i] - 2 * along * v[i % 2], g[i], 64 * 0x1p-53);
          }
          // with v constant: the Hessian of |Z|^2 / |Z v|^2
          double[] p =
              Gradients.hvp(first.rank(), List.of(z), List.of(tape.constant(cross)))
                  .getFirst()
                  .tensor()
                  .toDoubleArray();
          for (int i = 0; i < 8; i++) {
            // homogeneous of degree 0, so that H z = -gradient
            assertEquals(-g[i], p[i], 256 * 0x1p-53);
          }
        });
  }

  @Test
  void aTieOfManyDirectionsWithoutAGramMatrixIsSeen() {
    double[] s = new double[60];
    Arrays.fill(s, 1);
    onTape(
        tape -> {
          Tensor z = tape.scope().of(DType.FLOAT64, Shape.of(ROWS, 512), known(512, s));
          StableRankResult r = new StableRank().analyse(tape.constant(z));
          assertTrue(r.tied());
          assertEquals(60, r.value(), 60 * 128 * 0x1p-53);
        });
  }

  /** Both within what rounding allows, and so within twice that of each other. */
  @Test
  void aFormedGramMatrixAndProductsGiveTheSamePair() {
    onTape(
        tape -> {
          for (Shape shape : List.of(Shape.of(300, 64), Shape.of(41, 90), Shape.of(5000, 20))) {
            for (DType dtype : DType.values()) {
              double[] draws = Embeddings.normal(9, Math.toIntExact(shape.elements()));
              Tensor z = tape.scope().of(dtype, shape, draws);
              requireTheSamePair(tape, z, shape.dim(0), shape.dim(1));
            }
          }
        });
  }

  private static void requireTheSamePair(Tape tape, Tensor z, long rows, long width) {
    Ops ops = tape.ops();
    double[] moments = ops.gram().columnMoments(z, z.select(0, 0)).toDoubleArray();
    CentredColumns columns = CentredColumns.of(ops, z, moments);
    Tensor none = ops.full(0, DType.FLOAT64, Shape.of(width));
    Tensor one = ops.full(1, z.dtype(), Shape.of());
    Tensor a = ops.gram().deflate(z, columns.affine(), none, 0, 1, one);
    double unit = z.dtype().unitRoundoff();
    TopEigenpair formed = new FormedGram(tape.backend(), a).leading(128 * unit);
    TopEigenpair found =
        BlockLanczos.solve(
            new GramProducts(ops, z, columns.affine()),
            Optional.empty(),
            RandomKey.of(1),
            unit,
            128 * unit,
            1000);
    assertTrue(formed.converged() && found.converged());
    double rounding = (gamma(rows, unit) + gamma(width, unit)) * columns.trace();
    double bound = 2 * rounding + found.residual();
    assertEquals(formed.value(), found.value(), bound);
    assertEquals(formed.second(), found.second(), bound + 0.1 * (formed.value() - formed.second()));
    double along = Math.abs(HostVectors.dot(formed.vector(), found.vector()));
    double sine = Math.sqrt(Math.max(0, 1 - along * along));
    // the dot product is known to n u, its distance from 1 is half the square of the sine
    double dot = Math.sqrt(4 * formed.vector().length * 0x1p-53);
    assertTrue(sine <= 2 * bound / (formed.value() - formed.second()) + dot);
  }

  private static double gamma(long length, double unit) {
    double k = Math.min(length, 4096) + 4;
    return k * unit / (1 - k * unit);
  }

  @Test
  void tooFewProductsAreReported() {
    StableRank hasty = new StableRank(new StableRankOptions(128, 4, RandomKey.of(1)));
    onTape(
        tape -> {
          Tensor z = tape.scope().of(DType.FLOAT64, Shape.of(ROWS, 512), known(512, spectrum()));
          StableRankResult r = hasty.analyse(tape.constant(z));
          assertFalse(r.converged());
          assertEquals(4, r.products());
          double l1 = ROWS * 512.0 / (ROWS - 1);
          assertTrue(r.residual() > 0 && r.largest() < l1);
          // the next eigenvalue below is 0.64 l1: the residual bounds the distance to some one
          double nearest = Double.POSITIVE_INFINITY;
          for (double sigma : spectrum()) {
            nearest = Math.min(nearest, Math.abs(sigma * sigma * l1 - r.largest()));
          }
          assertTrue(nearest <= r.residual());
        });
  }

  @Test
  void startsAndOptionsAreChecked() {
    onTape(
        tape -> {
          Variable z = tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(2, 2), 1, 2, 3, 5));
          StableRank rank = new StableRank();
          for (double[] bad : new double[][] {{1}, {0, 0}, {1, Double.NaN}}) {
            assertThrows(IllegalArgumentException.class, () -> rank.analyse(z, bad));
          }
        });
    RandomKey key = RandomKey.of(0);
    assertThrows(IllegalArgumentException.class, () -> new StableRankOptions(0, 100, key));
    assertThrows(IllegalArgumentException.class, () -> new StableRankOptions(128, 3, key));
  }
}
