package org.modalimmune.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A synthetic multimodal set whose best possible results are known.
 *
 * <p>View m of a row of class c is {@code x_m = A_m s + B_m p_m + e_m} with {@code s ~ N(mu_c, I)},
 * {@code p_m ~ N(nu_mc, I)}, {@code e_m ~ N(0, noise_m^2 I)}, all independent. Loadings and class
 * means are Gaussian draws. Class-conditionally the views are jointly Gaussian with one covariance,
 * so the Bayes rule of every presence pattern is known; see {@link BayesCeilings}. The rows are the
 * same on every machine. The numerical contract is on the page {@code spec/synthetic.md}.
 */
public final class SyntheticLatentFactors {
  private static final int PARAMETERS = 0;
  private static final int TRAIN_ROWS = 1;
  private static final int TEST_ROWS = 2;
  private static final int CEILINGS = 3;

  private final LatentFactorOptions options;
  private final double[][] sharedMeans;
  private final List<ViewParameters> views;

  /** Loadings are columns x factors, means are classes x private factors. */
  private static final class ViewParameters {
    private final LatentFactorOptions.View view;
    private final double[][] shared;
    private final double[][] own;
    private final double[][] means;

    ViewParameters(LatentFactorOptions options, LatentFactorOptions.View view, SplitMix64 random) {
      this.view = view;
      int columns = view.columns();
      int factors = options.sharedFactors();
      shared = gaussian(random, columns, factors, view.sharedLoading() / Math.sqrt(factors));
      own =
          gaussian(
              random,
              columns,
              view.privateFactors(),
              view.privateLoading() / Math.sqrt(view.privateFactors()));
      means = gaussian(random, options.classes(), view.privateFactors(), view.privateShift());
    }
  }

  /**
   * Draws the loadings and class means.
   *
   * @param options sizes, strengths, seed
   */
  public SyntheticLatentFactors(LatentFactorOptions options) {
    this.options = options;
    SplitMix64 random = SplitMix64.stream(options.seed(), PARAMETERS);
    sharedMeans =
        gaussian(random, options.classes(), options.sharedFactors(), options.sharedShift());
    List<ViewParameters> drawn = new ArrayList<>();
    for (LatentFactorOptions.View view : options.views()) {
      drawn.add(new ViewParameters(options, view, random));
    }
    views = List.copyOf(drawn);
  }

  private static double[][] gaussian(SplitMix64 random, int rows, int columns, double scale) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = scale * random.nextGaussian();
      }
    }
    return matrix;
  }

  /**
   * The set with the embedded defaults.
   *
   * @return four classes, three views
   */
  public static SyntheticLatentFactors defaults() {
    return new SyntheticLatentFactors(LatentFactorOptions.defaults());
  }

  /**
   * The rows. Each class has its equal share of each split, give or take one row.
   *
   * @return the data set, named {@code synthetic}
   */
  public MultimodalDataset dataset() {
    List<Modality> modalities =
        options.views().stream().map(view -> new Modality(view.name(), columnNames(view))).toList();
    List<String> classes =
        IntStream.range(0, options.classes()).mapToObj(Integer::toString).toList();
    return new MultimodalDataset(
        "synthetic",
        new DatasetSchema(modalities, classes),
        rows(modalities, options.trainRows(), SplitMix64.stream(options.seed(), TRAIN_ROWS)),
        Optional.of(
            rows(modalities, options.testRows(), SplitMix64.stream(options.seed(), TEST_ROWS))));
  }

  private static List<String> columnNames(LatentFactorOptions.View view) {
    return IntStream.range(0, view.columns()).mapToObj(i -> view.name() + "_" + i).toList();
  }

  private MultimodalSplit rows(List<Modality> modalities, int rows, SplitMix64 random) {
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = row % options.classes();
    }
    random.shuffle(labels);
    double[][] values = new double[views.size()][];
    for (int m = 0; m < views.size(); m++) {
      values[m] = new double[Math.multiplyExact(rows, views.get(m).view.columns())];
    }
    for (int row = 0; row < rows; row++) {
      double[] shared = factor(sharedMeans[labels[row]], random);
      for (int m = 0; m < views.size(); m++) {
        fillRow(views.get(m), shared, labels[row], row, values[m], random);
      }
    }
    List<FeatureMatrix> features = new ArrayList<>();
    for (int m = 0; m < views.size(); m++) {
      features.add(FeatureMatrix.of(modalities.get(m).columnNames(), values[m]));
    }
    List<String> ids = IntStream.rangeClosed(1, rows).mapToObj(Integer::toString).toList();
    return new MultimodalSplit(modalities, features, labels, ids, Optional.empty());
  }

  private static double[] factor(double[] mean, SplitMix64 random) {
    double[] factor = mean.clone();
    for (int i = 0; i < factor.length; i++) {
      factor[i] += random.nextGaussian();
    }
    return factor;
  }

  private static void fillRow(
      ViewParameters view,
      double[] shared,
      int label,
      int row,
      double[] values,
      SplitMix64 random) {
    double[] own = factor(view.means[label], random);
    int columns = view.view.columns();
    for (int column = 0; column < columns; column++) {
      values[row * columns + column] =
          dot(view.shared[column], shared)
              + dot(view.own[column], own)
              + view.view.noise() * random.nextGaussian();
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /**
   * The best possible results of every presence pattern; takes a fraction of a second.
   *
   * @return ceilings with a standard error of the accuracy below 0.001
   */
  public BayesCeilings ceilings() {
    int[] columns = options.views().stream().mapToInt(LatentFactorOptions.View::columns).toArray();
    return new BayesCeilings(
        classMeans(), covariance(), columns, SplitMix64.stream(options.seed(), CEILINGS));
  }

  /** Mean of all columns of all views per class: classes x columns. */
  double[][] classMeans() {
    double[][] means = new double[options.classes()][];
    for (int c = 0; c < means.length; c++) {
      int label = c;
      means[c] =
          views.stream()
              .flatMapToDouble(
                  view ->
                      IntStream.range(0, view.view.columns())
                          .mapToDouble(
                              column ->
                                  dot(view.shared[column], sharedMeans[label])
                                      + dot(view.own[column], view.means[label])))
              .toArray();
    }
    return means;
  }

  /** The covariance within a class of all columns of all views. */
  double[][] covariance() {
    int size = options.views().stream().mapToInt(LatentFactorOptions.View::columns).sum();
    double[][] covariance = new double[size][size];
    int top = 0;
    for (ViewParameters rows : views) {
      int left = 0;
      for (ViewParameters columns : views) {
        for (int i = 0; i < rows.view.columns(); i++) {
          for (int j = 0; j < columns.view.columns(); j++) {
            double value = dot(rows.shared[i], columns.shared[j]);
            if (top == left) {
              value += dot(rows.own[i], columns.own[j]);
              value += i == j ? rows.view.noise() * rows.view.noise() : 0;
            }
            covariance[top + i][left + j] = value;
          }
        }
        left += columns.view.columns();
      }
      top += rows.view.columns();
    }
    return covariance;
  }
}
