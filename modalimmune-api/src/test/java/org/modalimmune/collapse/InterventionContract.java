package org.modalimmune.collapse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Shaping;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.conformance.OperatorContract;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** What every intervention promises: identity, loss of the row, a derivative in the severity. */
public abstract class InterventionContract extends OperatorContract {
  private static final int ROWS = 7;
  private static final int COLUMNS = 3;
  private static final Shape SHAPE = Shape.of(ROWS, COLUMNS);
  private static final RandomKey KEY = RandomKey.of(5);

  private static Map<String, Intervention> all(Tape tape, DType dtype) {
    Variable fixed =
        tape.constant(tape.scope().of(dtype, Shape.of(1, COLUMNS), new double[] {1, -2, 0.5}));
    return Map.of(
        "omission",
        Replacement.omission(),
        "gaussian",
        Replacement.gaussian(),
        "shuffle",
        Replacement.shuffle(),
        "constant",
        Replacement.constant(fixed),
        "shrink",
        new SpectralShrink());
  }

  private static Variable embedding(Tape tape, DType dtype, long seed) {
    return tape.leaf(tape.scope().of(dtype, SHAPE, Embeddings.separated(seed, ROWS, COLUMNS)));
  }

  private static Variable scalar(Tape tape, DType dtype, double value) {
    return tape.leaf(tape.scope().of(dtype, Shape.of(), new double[] {value}));
  }

  private static double[] values(Variable v) {
    return v.tensor().toDoubleArray();
  }

  @Test
  void severityZeroIsTheIdentity() {
    onTape(
        tape -> {
          for (DType dtype : DType.values()) {
            Variable z = embedding(tape, dtype, 1);
            all(tape, dtype)
                .forEach(
                    (name, i) -> {
                      assertArrayEquals(values(z), values(i.apply(z, 0, KEY)), name);
                      Variable tracked = scalar(tape, dtype, 0);
                      // with a derivative asked for, the mean is taken off and added back
                      double rounding = 16 * (dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53);
                      assertArrayEquals(
                          values(z), values(i.apply(z, tracked, KEY)), rounding, name);
                    });
          }
        });
  }

  @Test
  void severityOneHoldsNothingOfTheRow() {
    onTape(
        tape -> {
          Variable z = embedding(tape, DType.FLOAT64, 2);
          all(tape, DType.FLOAT64)
              .forEach(
                  (name, i) -> {
                    for (int row = 0; row < ROWS; row++) {
                      Variable result = i.apply(z, 1, KEY);
                      Variable own = Reduction.sum(Elementwise.square(row(result, row)));
                      double[] g = values(Gradients.of(own, List.of(z)).getFirst());
                      for (int k = 0; k < g.length; k++) {
                        boolean elsewhere = name.equals("shuffle") && k / COLUMNS != row;
                        assertTrue(elsewhere || g[k] == 0, name + " keeps a gradient");
                      }
                    }
                  });
        });
  }

  private static Variable row(Variable z, int row) {
    return Shaping.slice(z, 0, row, row + 1);
  }

  @Test
  void notANumberDoesNotSurviveSeverityOne() {
    onTape(
        tape -> {
          double[] spoilt = Embeddings.normal(3, ROWS * COLUMNS);
          spoilt[4] = Double.NaN;
          Variable z = tape.constant(tape.scope().of(DType.FLOAT64, SHAPE, spoilt));
          for (String name : List.of("omission", "constant")) {
            for (double v : values(all(tape, DType.FLOAT64).get(name).apply(z, 1, KEY))) {
              assertTrue(Double.isFinite(v), name);
            }
          }
        });
  }

  @Test
  void omissionIsZerosAndAShareOfTheEmbeddingBefore() {
    onTape(
        tape -> {
          Variable z = embedding(tape, DType.FLOAT64, 4);
          Intervention omission = Replacement.omission();
          assertArrayEquals(new double[ROWS * COLUMNS], values(omission.apply(z, 1, KEY)));
          double[] share = values(omission.apply(z, 0.25, KEY));
          for (int k = 0; k < share.length; k++) {
            assertEquals(0.75 * values(z)[k], share[k]);
          }
        });
  }

  @Test
  void whatIsLeftOfTheRowFallsWithTheSeverity() {
    onTape(
        tape -> {
          Variable z = embedding(tape, DType.FLOAT64, 6);
          all(tape, DType.FLOAT64)
              .forEach(
                  (name, i) -> {
                    double before = 1;
                    for (int step = 0; step <= 8; step++) {
                      double severity = step / 8.0;
                      double left = ownShare(z, i.apply(z, severity, KEY));
                      double stated =
                          name.equals("shrink") ? Math.sqrt(1 - severity) : 1 - severity;
                      assertEquals(stated, left, 4 * 0x1p-53, name + " at " + severity);
                      assertTrue(step == 0 || left < before, name);
                      before = left;
                    }
                  });
        });
  }

  /** The derivative of the first element of the result with respect to itself in the embedding. */
  private static double ownShare(Variable z, Variable result) {
    double[] unit = new double[ROWS * COLUMNS];
    unit[0] = 1;
    Variable cotangent = z.tape().constant(z.tape().scope().of(z.dtype(), SHAPE, unit));
    return values(Gradients.vjp(result, cotangent, List.of(z)).getFirst())[0];
  }

  @Property
  void theDerivativeInTheSeverityIsThatOfDifferences(@ForAll long seed) {
    double severity = 0.05 + 0.9 * Math.floorMod(seed, 1001) / 1000.0;
    onTape(
        tape -> {
          Variable z = embedding(tape, DType.FLOAT64, seed);
          Variable weights =
              tape.constant(
                  tape.scope()
                      .of(DType.FLOAT64, SHAPE, Embeddings.normal(seed + 1, ROWS * COLUMNS)));
          all(tape, DType.FLOAT64)
              .forEach(
                  (name, i) -> {
                    Variable s = scalar(tape, DType.FLOAT64, severity);
                    Variable f = Reduction.dot(i.apply(z, s, KEY), weights);
                    double got = values(Gradients.of(f, List.of(s)).getFirst())[0];
                    double h = 0x1p-17;
                    double up = values(Reduction.dot(i.apply(z, severity + h, KEY), weights))[0];
                    double down = values(Reduction.dot(i.apply(z, severity - h, KEY), weights))[0];
                    // h^2 / 6 times the third derivative of sqrt(s) or sqrt(1 - s), 3/8 0.05^(-5/2)
                    // at most, and rounding 2^-53 / h, both times the elements' size
                    double size = 0;
                    for (int k = 0; k < ROWS * COLUMNS; k++) {
                      size += 30 * Math.abs(values(weights)[k]);
                    }
                    double bound = size * (h * h * 120 + 64 * 0x1p-53 / h);
                    assertEquals((up - down) / (2 * h), got, bound, name + " at " + severity);
                  });
        });
  }

  @Test
  void aConstantEmbeddingHasADerivativeInTheSeverity() {
    onTape(
        tape -> {
          Variable z = tape.leaf(tape.ops().full(0.25, DType.FLOAT32, Shape.of(4, 2)));
          for (Intervention i :
              List.of(new SpectralShrink(), Replacement.gaussian(), Replacement.shuffle())) {
            Variable s = scalar(tape, DType.FLOAT32, 0.5);
            Variable f = Reduction.sum(i.apply(z, s, KEY));
            assertEquals(0, values(Gradients.of(f, List.of(s)).getFirst())[0]);
          }
        });
  }

  @Property
  void aShuffledRowIsAlwaysAnothersAndEachIsUsedOnce(@ForAll long seed) {
    onTape(
        tape -> {
          double[] numbers = {0, 1, 2, 3, 4};
          Variable z = tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(5, 1), numbers));
          double[] shuffled = values(Replacement.shuffle().apply(z, 1, RandomKey.of(seed)));
          boolean[] used = new boolean[5];
          for (int i = 0; i < 5; i++) {
            assertTrue(shuffled[i] != i, "row " + i + " keeps its own");
            assertFalse(used[(int) shuffled[i]], "a row is used twice");
            used[(int) shuffled[i]] = true;
          }
        });
  }

  @Test
  void everyOtherRowIsAsLikely() {
    onTape(
        tape -> {
          Variable z =
              tape.constant(
                  tape.scope().of(DType.FLOAT64, Shape.of(4, 1), new double[] {0, 1, 2, 3}));
          int draws = 3000;
          int[] first = new int[4];
          for (int k = 0; k < draws; k++) {
            first[(int) values(Replacement.shuffle().apply(z, 1, RandomKey.of(k)))[0]]++;
          }
          assertEquals(0, first[0]);
          for (int other = 1; other < 4; other++) {
            // a third of the draws, within six standard deviations; the draws are fixed by their
            // keys
            assertEquals(draws / 3.0, first[other], 6 * Math.sqrt(draws * 2 / 9.0));
          }
        });
  }

  @Test
  void severitiesOutsideTheRangeAreRefused() {
    onTape(
        tape -> {
          Variable z = embedding(tape, DType.FLOAT64, 7);
          all(tape, DType.FLOAT64)
              .forEach(
                  (name, i) -> {
                    for (double bad : new double[] {-0x1p-30, 1 + 0x1p-30, Double.NaN}) {
                      assertThrows(
                          IllegalArgumentException.class, () -> i.apply(z, bad, KEY), name);
                      Variable tracked = scalar(tape, DType.FLOAT64, bad);
                      assertThrows(
                          IllegalArgumentException.class, () -> i.apply(z, tracked, KEY), name);
                    }
                  });
        });
  }
}
