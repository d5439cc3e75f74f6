package org.modalimmune.data;

import java.util.List;
import org.modalimmune.io.DataException;

/**
 * Sizes and strengths of the synthetic latent-factor set.
 *
 * @param seed seed of the loadings, class means and rows
 * @param trainRows rows of the training split
 * @param testRows rows of the test split
 * @param classes number of classes, at least 2, equally likely
 * @param sharedFactors dimension of the factor that all views see, at least 1
 * @param sharedShift standard deviation of the class means of a shared factor
 * @param views the modalities, at least one
 */
public record LatentFactorOptions(
    long seed,
    int trainRows,
    int testRows,
    int classes,
    int sharedFactors,
    double sharedShift,
    List<View> views) {

  /**
   * One modality: {@code x = A s + B p + noise}.
   *
   * @param name the modality's name
   * @param columns number of features
   * @param privateFactors dimension of the view's own factor p, at least 1
   * @param sharedLoading root mean square length of a row of A
   * @param privateLoading root mean square length of a row of B
   * @param privateShift standard deviation of the class means of a private factor
   * @param noise standard deviation of the noise, above 0
   */
  public record View(
      String name,
      int columns,
      int privateFactors,
      double sharedLoading,
      double privateLoading,
      double privateShift,
      double noise) {
    /** Checks the ranges. */
    public View {
      if (columns < 1 || privateFactors < 1) {
        throw new DataException(
            "synthetic view '" + name + "': at least one column and one private factor are needed");
      }
      if (!(noise > 0) || !(sharedLoading >= 0) || !(privateLoading >= 0) || !(privateShift >= 0)) {
        throw new DataException(
            "synthetic view '"
                + name
                + "': the noise must be above 0, loadings and shift at least"
                + " 0");
      }
    }
  }

  /** Checks the ranges and copies the list. */
  public LatentFactorOptions {
    views = List.copyOf(views);
    if (views.isEmpty() || classes < 2 || sharedFactors < 1 || !(sharedShift >= 0)) {
      throw new DataException(
          "synthetic set: at least one view, two classes and one shared factor are needed, and a"
              + " shift of at least 0");
    }
    if (trainRows < 2 * classes || testRows < classes) {
      throw new DataException(
          "synthetic set: at least "
              + 2 * classes
              + " training and "
              + classes
              + " test rows are needed for "
              + classes
              + " classes");
    }
  }

  /**
   * The embedded set: four classes, three views of which the first dominates. The Bayes rule is
   * right in 92.5 % of rows with all views, 73.9 % in the mean over incomplete patterns, and 51.1 %
   * with the weak view alone.
   *
   * @return 2000 training and 4000 test rows with 32, 24 and 16 columns
   */
  public static LatentFactorOptions defaults() {
    return new LatentFactorOptions(
        1,
        2000,
        4000,
        4,
        6,
        0.25,
        List.of(
            new View("strong", 32, 6, 0.8, 1.0, 1.35, 1.0),
            new View("medium", 24, 5, 0.95, 1.0, 0.5, 0.7),
            new View("weak", 16, 4, 0.8, 1.0, 0.45, 0.7)));
  }

  /**
   * These options with another seed.
   *
   * @param value the seed
   * @return changed options
   */
  public LatentFactorOptions withSeed(long value) {
    return new LatentFactorOptions(
        value, trainRows, testRows, classes, sharedFactors, sharedShift, views);
  }

  /**
   * These options with other numbers of rows.
   *
   * @param train rows of the training split
   * @param test rows of the test split
   * @return changed options
   */
  public LatentFactorOptions withRows(int train, int test) {
    return new LatentFactorOptions(seed, train, test, classes, sharedFactors, sharedShift, views);
  }
}
