package org.modalimmune.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.modalimmune.data.MultimodalSplit;

/** Says which modalities measured rows lack by themselves, since figures depend on it. */
final class MissingRows {
  private MissingRows() {}

  /** A sentence for the report, or empty if every row has every modality. */
  static Optional<String> note(MultimodalSplit split) {
    List<String> missing = new ArrayList<>();
    for (int m = 0; m < split.modalities().size(); m++) {
      int rows = split.rows() - split.features(m).presentRows();
      if (rows > 0) {
        missing.add(split.modalities().get(m).name() + " in " + rows);
      }
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "of "
                + split.rows()
                + " rows these lack a modality by themselves, in every pattern and told to"
                + " the model: "
                + String.join(", ", missing));
  }
}
