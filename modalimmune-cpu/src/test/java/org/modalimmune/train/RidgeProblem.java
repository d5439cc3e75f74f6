package org.modalimmune.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.backend.Backends;
import org.modalimmune.data.FeatureMatrix;
import org.modalimmune.data.Modality;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Parameter;
import org.modalimmune.optim.Optimizer;
import org.modalimmune.optim.ParameterGroup;
import org.modalimmune.optim.SgdMomentum;
import org.modalimmune.random.RandomKey;
import org.modalimmune.random.RandomStream;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Scope;
import org.modalimmune.tensor.Shape;

/**
 * A bilevel problem that plain arrays solve exactly. The inner loss of w = the head's weights is
 *
 * <pre>
 * sum over t of omega_t |X_t w - y|^2 / (2 N) + (c / 2) |w|^2 + (delta / 2) |w - w0|^2
 * X_0 = X + a E,   X_1 = (1 - s) X + s R,   X_2 = X on even rows,   X_3 = X on odd rows
 * omega = (1, weight, pattern 1, pattern 2)
 * </pre>
 *
 * with settings of all five kinds, and the outer one |V w - y_v|^2 / (2 N_v). With w0 the minimiser
 * for the present settings, the damping delta is part of the problem, so that the hyper-gradient is
 * the derivative of the outer loss at the inner minimiser, without approximation.
 */
final class RidgeProblem implements AutoCloseable {
  static final int ROWS = 12;
  static final double DELTA = 0.05;
  private static final int COLUMNS = 3;
  private static final double DECAY = 0.5;
  private static final double NOISE = 0.6;
  private static final double WEIGHT = 0.7;
  private static final double SEVERITY = 0.4;

  final Backend backend;
  private final Scope scope;
  private final MultimodalModel model;
  private final DeviceRows rows;
  private final double[] x;
  private final double[] e;
  private final double[] r;
  private final double[] heldOut;
  private final int[] labels = new int[ROWS];
  private final int[] heldOutLabels = new int[ROWS];
  final Optimizer optimizer;
  private final List<ParameterGroup> groups;
  double spoil = 1;

  RidgeProblem(String backendName, long seed) {
    RandomStream random = new RandomStream(RandomKey.of(seed));
    this.backend = Backends.open(backendName, BackendOptions.ofThreads(1));
    this.scope = backend.newScope();
    Modality modality = new Modality("x", List.of("x0", "x1", "x2"));
    this.model =
        new MultimodalModel(
            backend.ops(scope),
            List.of(modality),
            2,
            new ModelOptions(1, 1, COLUMNS, 1, 0, DType.FLOAT64),
            RandomKey.of(seed));
    this.x = draw(random);
    this.e = draw(random);
    this.r = draw(random);
    this.heldOut = draw(random);
    for (int i = 0; i < ROWS; i++) {
      labels[i] = x[i * COLUMNS] + 0.5 * random.nextGaussian() > 0 ? 1 : 0;
      heldOutLabels[i] = heldOut[i * COLUMNS] + 0.5 * random.nextGaussian() > 0 ? 1 : 0;
    }
    this.rows =
        new DeviceRows(
            scope, DType.FLOAT64, List.of(FeatureMatrix.of(modality.columnNames(), x)), labels);
    this.groups =
        List.of(
            new ParameterGroup("encoder.x", model.encoderParameters(0), DECAY),
            new ParameterGroup("shared", model.sharedParameters(), DECAY));
    this.optimizer = new SgdMomentum(backend.ops(scope), groups, 0.9, false);
    head().value().set(flat(minimiser(start(), DECAY, new double[COLUMNS][2], 0)));
  }

  private static double[] draw(RandomStream random) {
    double[] values = new double[ROWS * COLUMNS];
    Arrays.setAll(values, i -> (double) (float) random.nextGaussian());
    return values;
  }

  private static double[] start() {
    return new double[] {NOISE, WEIGHT, SEVERITY, 1, 1};
  }

  private Parameter head() {
    return model.parameters().stream()
        .filter(p -> p.name().equals("head.weight"))
        .findFirst()
        .orElseThrow();
  }

  int[] allRows() {
    int[] all = new int[ROWS];
    Arrays.setAll(all, i -> i);
    return all;
  }

  /** A tuner of all settings, and the settings it moves. */
  Tuned tuner(HyperGradientOptions options) {
    MetaParameters meta = new MetaParameters(scope, DType.FLOAT64, options.adapted());
    Inner inner = new Inner(meta, options);
    HyperGradientTuner tuner =
        new HyperGradientTuner(backend, inner, meta, model, rows, new Outer(), optimizer, groups);
    return new Tuned(tuner, meta);
  }

  /**
   * A tuner and its settings.
   *
   * @param tuner the tuner
   * @param meta the settings of the loss
   */
  record Tuned(HyperGradientTuner tuner, MetaParameters meta) {}

  static HyperGradientOptions options(double tolerance, int maxProducts) {
    return new HyperGradientOptions(
        Set.of(MetaGroup.values()), 1, 0, DELTA, tolerance, maxProducts, 0.1, 1e-9);
  }

  /**
   * Derivatives of the outer loss at the inner minimiser with respect to log a, log weight, logit
   * s, log pattern 1, log pattern 2, log decay of the encoder and of the rest: fourth-order
   * differences of exact solutions.
   */
  double[] truth() {
    double[] derivative = new double[7];
    double h = 0x1p-7;
    for (int i = 0; i < derivative.length; i++) {
      double coarse = (outer(i, 2 * h) - outer(i, -2 * h)) / (4 * h);
      double fine = (outer(i, h) - outer(i, -h)) / (2 * h);
      derivative[i] = (4 * fine - coarse) / 3;
    }
    return derivative;
  }

  private double outer(int moved, double step) {
    double[] settings = start();
    double decay = DECAY;
    if (moved == 2) {
      double logit = Math.log(SEVERITY / (1 - SEVERITY)) + step;
      settings[2] = 1 / (1 + Math.exp(-logit));
    } else if (moved < 5) {
      settings[moved] *= Math.exp(step);
    } else if (moved == 6) {
      decay *= Math.exp(step);
    }
    double[][] w0 = minimiser(start(), DECAY, new double[COLUMNS][2], 0);
    return outer(minimiser(settings, decay, w0, DELTA));
  }

  private double outer(double[][] w) {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      for (int k = 0; k < 2; k++) {
        double error = predicted(i, k, w) - (heldOutLabels[i] == k ? 1 : 0);
        sum += error * error;
      }
    }
    return sum / (2 * ROWS);
  }

  private double predicted(int row, int k, double[][] w) {
    double sum = 0;
    for (int j = 0; j < COLUMNS; j++) {
      sum += heldOut[row * COLUMNS + j] * w[j][k];
    }
    return sum;
  }

  /** Rows of X_t in one array, t first. */
  private double[][] designs(double[] settings) {
    double[][] designs = new double[4][ROWS * COLUMNS];
    for (int i = 0; i < x.length; i++) {
      boolean even = i / COLUMNS % 2 == 0;
      designs[0][i] = x[i] + settings[0] * e[i];
      designs[1][i] = (1 - settings[2]) * x[i] + settings[2] * r[i];
      designs[2][i] = even ? x[i] : 0;
      designs[3][i] = even ? 0 : x[i];
    }
    return designs;
  }

  private double[][] minimiser(double[] settings, double c, double[][] w0, double delta) {
    double[] omega = {1, settings[1], settings[3], settings[4]};
    double[][] designs = designs(settings);
    double[][] a = new double[COLUMNS][COLUMNS];
    double[][] b = new double[2][COLUMNS];
    for (int j = 0; j < COLUMNS; j++) {
      for (int t = 0; t < 4; t++) {
        for (int i = 0; i < ROWS; i++) {
          double scaled = omega[t] / ROWS * designs[t][i * COLUMNS + j];
          b[labels[i]][j] += scaled;
          for (int l = 0; l < COLUMNS; l++) {
            a[j][l] += scaled * designs[t][i * COLUMNS + l];
          }
        }
      }
      a[j][j] += c + delta;
      b[0][j] += delta * w0[j][0];
      b[1][j] += delta * w0[j][1];
    }
    double[] first = DenseSolve.solve(a, b[0]);
    double[] second = DenseSolve.solve(a, b[1]);
    double[][] w = new double[COLUMNS][];
    for (int j = 0; j < COLUMNS; j++) {
      w[j] = new double[] {first[j], second[j]};
    }
    return w;
  }

  private static double[] flat(double[][] w) {
    double[] values = new double[COLUMNS * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = w[i / 2][i % 2];
    }
    return values;
  }

  private final class Inner implements Objective {
    private final MetaParameters meta;
    private final HyperGradientOptions options;
    private final List<MetaParameters.Setting> settings;

    Inner(MetaParameters meta, HyperGradientOptions options) {
      this.meta = meta;
      this.options = options;
      this.settings =
          List.of(
              meta.positive(MetaGroup.NOISE, "noise", NOISE, 10),
              meta.positive(MetaGroup.WEIGHTS, "weight", WEIGHT, 10),
              meta.fraction(MetaGroup.SEVERITY, "severity", SEVERITY, 0.02),
              meta.positive(MetaGroup.PATTERNS, "pattern.1", 1, 10),
              meta.positive(MetaGroup.PATTERNS, "pattern.2", 1, 10));
    }

    @Override
    public Optional<MetaParameters> metaParameters() {
      return Optional.of(meta);
    }

    @Override
    public HyperGradientOptions hyperGradient() {
      return options;
    }

    private Variable constant(Tape tape, double[] values) {
      return tape.constant(tape.scope().of(DType.FLOAT64, Shape.of(ROWS, COLUMNS), values));
    }

    @Override
    public StepLoss loss(MultimodalModel model, Batch batch, RandomKey key) {
      Tape tape = batch.tape();
      Variable w = tape.leaf(head().value());
      Variable plain = batch.features(0);
      List<Variable> value = settings.stream().map(s -> s.on(tape)).toList();
      Variable kept = Elementwise.multiply(plain, Elementwise.affine(value.get(2), -1, 1));
      double[][] halves = designs(start());
      List<Variable> inputs =
          List.of(
              Elementwise.add(plain, Elementwise.multiply(constant(tape, e), value.get(0))),
              Elementwise.add(kept, Elementwise.multiply(constant(tape, r), value.get(2))),
              constant(tape, halves[2]),
              constant(tape, halves[3]));
      List<Variable> weights =
          List.of(tape.constant(1, DType.FLOAT64), value.get(1), value.get(3), value.get(4));
      Variable target = Targets.oneHot(batch);
      Variable sum = tape.constant(0, DType.FLOAT64);
      List<Variable> outputs = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Variable output = Matrix.matmul(inputs.get(t), w);
        outputs.add(output);
        Variable error = Elementwise.subtract(output, target);
        Variable term = Elementwise.scale(Reduction.dot(error, error), 0.5 / ROWS);
        sum = Elementwise.add(sum, Elementwise.multiply(term, weights.get(t)));
      }
      return new StepLoss(sum, Optional.empty(), outputs);
    }
  }

  private final class Outer implements HeldOutLoss {
    @Override
    public List<PresencePattern> patterns() {
      return List.of(PresencePattern.full(1));
    }

    @Override
    public double[] of(List<PresencePattern> some) {
      return new double[] {outer(weights())};
    }

    private double[][] weights() {
      double[] flat = head().value().toDoubleArray();
      double[][] w = new double[COLUMNS][2];
      for (int i = 0; i < flat.length; i++) {
        w[i / 2][i % 2] = flat[i];
      }
      return w;
    }

    @Override
    public double[] gradientOfMean(List<Parameter> parameters) {
      List<Double> gradient = new ArrayList<>();
      for (Parameter p : parameters) {
        for (int at = 0; at < p.value().elements(); at++) {
          gradient.add(p.equals(head()) ? spoil * slope(at / 2, at % 2) : 0);
        }
      }
      return gradient.stream().mapToDouble(g -> g).toArray();
    }

    private double slope(int j, int k) {
      double[][] w = weights();
      double sum = 0;
      for (int i = 0; i < ROWS; i++) {
        double error = predicted(i, k, w) - (heldOutLabels[i] == k ? 1 : 0);
        sum += error * heldOut[i * COLUMNS + j];
      }
      return sum / ROWS;
    }
  }

  @Override
  public void close() {
    scope.close();
    backend.close();
  }
}
