package org.modalimmune.data;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.io.DataException;

/**
 * Standardisation of all modalities, fitted on training rows alone.
 *
 * @param modalities one standardiser per modality, in order
 */
public record Standardizer(List<ModalityStandardizer> modalities) {
  /** Copies the list. */
  public Standardizer {
    modalities = List.copyOf(modalities);
  }

  /**
   * Fits every modality.
   *
   * @param train the training rows, and no others
   * @return the fitted standardiser
   * @throws DataException if a modality has no usable column
   */
  public static Standardizer fit(MultimodalSplit train) {
    List<ModalityStandardizer> fitted = new ArrayList<>();
    for (int m = 0; m < train.modalities().size(); m++) {
      fitted.add(ModalityStandardizer.fit(train.modalities().get(m).name(), train.features(m)));
    }
    return new Standardizer(fitted);
  }

  /**
   * Standardises every modality of a split.
   *
   * @param split rows with the modalities that were fitted, in the same order
   * @return one matrix per modality, with the kept columns
   * @throws DataException if modalities or columns differ from the fitted ones
   */
  public List<FeatureMatrix> transform(MultimodalSplit split) {
    if (!split.modalities().equals(input())) {
      throw new DataException(
          "standardiser: fitted to the modalities "
              + input().stream().map(Modality::name).toList()
              + " with their columns; "
              + split.modalities().stream().map(Modality::name).toList()
              + " or other columns came; these are other data");
    }
    List<FeatureMatrix> transformed = new ArrayList<>();
    for (int m = 0; m < modalities.size(); m++) {
      transformed.add(modalities.get(m).transform(split.features(m)));
    }
    return List.copyOf(transformed);
  }

  /**
   * The modalities as they come.
   *
   * @return with all columns
   */
  public List<Modality> input() {
    return modalities.stream().map(ModalityStandardizer::input).toList();
  }

  /**
   * The modalities as they leave.
   *
   * @return with the kept columns
   */
  public List<Modality> output() {
    return modalities.stream().map(ModalityStandardizer::output).toList();
  }
}
