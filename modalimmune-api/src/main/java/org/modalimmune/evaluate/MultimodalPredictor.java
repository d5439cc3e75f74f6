package org.modalimmune.evaluate;

import java.util.List;
import java.util.Optional;
import org.modalimmune.data.FeatureMatrix;

/**
 * A finished classifier over several modalities, as the evaluation sees it. Any model can be
 * evaluated by implementing this.
 */
public interface MultimodalPredictor {
  /** Number of classes C. */
  int classes();

  /** Whether the model can be shown rows in this way. */
  boolean supports(Presentation presentation);

  /**
   * Class probabilities for each presentation of the same rows. A row that lacks a modality by
   * itself is treated as if the presentation lacked it too.
   *
   * @param features standardised features, one matrix per modality, aligned
   * @param presentations each one supported
   * @return per presentation, rows x C in row-major order
   * @throws IllegalArgumentException if a presentation is not supported or the features do not fit
   */
  List<double[]> probabilities(List<FeatureMatrix> features, List<Presentation> presentations);

  /**
   * A modality's standardised features as reconstructed from the others.
   *
   * @param features as for {@link #probabilities}
   * @param presentation how the rows are shown
   * @param modality which one to reconstruct
   * @return rows x columns in row-major order, or empty if the model reconstructs nothing
   */
  Optional<double[]> reconstruct(
      List<FeatureMatrix> features, Presentation presentation, int modality);
}
