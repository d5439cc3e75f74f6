package org.modalimmune.data;

import java.util.List;
import java.util.Optional;
import org.modalimmune.io.DataException;

/**
 * A data set with training rows and, mostly, test rows. It hands them out apart: training code gets
 * {@link #trainingData}, the evaluation of finished models gets {@link #testData}.
 */
public final class MultimodalDataset {
  private final String name;
  private final DatasetSchema schema;
  private final MultimodalSplit train;
  private final Optional<MultimodalSplit> test;

  /**
   * A data set.
   *
   * @param name for reports
   * @param schema modalities and classes
   * @param train labelled training rows
   * @param test labelled test rows, or empty if there are none
   * @throws DataException if a split does not fit the schema or has no labels
   */
  public MultimodalDataset(
      String name, DatasetSchema schema, MultimodalSplit train, Optional<MultimodalSplit> test) {
    this.name = name;
    this.schema = schema;
    this.train = train;
    this.test = test;
    check("train", train);
    test.ifPresent(split -> check("test", split));
  }

  private void check(String which, MultimodalSplit split) {
    if (!split.modalities().equals(schema.modalities())) {
      throw new DataException(
          name + ": the modalities of the " + which + " split differ from the data set's");
    }
    for (int label : split.labels()) {
      if (label < 0 || label >= schema.classNames().size()) {
        throw new DataException(
            name
                + ": the "
                + which
                + " split has the label index "
                + label
                + ", there are "
                + schema.classNames().size()
                + " classes");
      }
    }
  }

  /**
   * The data set's name.
   *
   * @return for reports
   */
  public String name() {
    return name;
  }

  /**
   * Modalities and classes.
   *
   * @return what data for a model of this set must look like
   */
  public DatasetSchema schema() {
    return schema;
  }

  /**
   * The training rows, divided into rows to fit and rows to select by.
   *
   * @param options size of the validation part and seed
   * @return no test row is reachable from it
   * @throws DataException if the rows cannot be divided as asked
   */
  public TrainingData trainingData(ValidationOptions options) {
    GroupedSplit.Parts parts =
        GroupedSplit.split(train.labels(), schema.classNames(), train.groups(), options);
    return new TrainingData(
        name,
        schema,
        train.selectRows(parts.train()),
        train.selectRows(parts.validation()),
        parts.notes());
  }

  /**
   * Whether there are test rows.
   *
   * @return false if the set has a training part alone
   */
  public boolean hasTest() {
    return test.isPresent();
  }

  /**
   * The test rows.
   *
   * @return rows for the evaluation of finished models
   * @throws DataException if the set has none
   */
  public TestData testData() {
    return new TestData(
        name,
        schema,
        test.orElseThrow(
            () ->
                new DataException(
                    name + ": has no test split; add the files or arrays that end in _test")));
  }

  /**
   * The modalities.
   *
   * @return short for {@code schema().modalities()}
   */
  public List<Modality> modalities() {
    return schema.modalities();
  }
}
