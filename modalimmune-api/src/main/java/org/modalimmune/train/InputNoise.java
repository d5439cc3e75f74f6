package org.modalimmune.train;

import java.util.ArrayList;
import java.util.List;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.collapse.SpectralNoise;
import org.modalimmune.collapse.WithinClassCovariance;
import org.modalimmune.random.RandomKey;

/** Spectrum-adaptive noise on the standardised inputs, its two levels set for each modality. */
final class InputNoise {
  /** By how much an adapted level may leave its start. */
  private static final double RANGE = 10;

  private final boolean silent;
  private final List<SpectralNoise> noise = new ArrayList<>();
  private final List<MetaParameters.Setting> isotropic = new ArrayList<>();
  private final List<MetaParameters.Setting> spectral = new ArrayList<>();

  InputNoise(ImmuneOptions options, ObjectiveFactory.Context context, MetaParameters meta) {
    this.silent = options.noise().isotropic() == 0 && options.noise().spectral() == 0;
    if (silent) {
      return;
    }
    for (int m = 0; m < context.features().size(); m++) {
      noise.add(
          SpectralNoise.ofCovariance(
              context.ops(),
              WithinClassCovariance.of(
                  context.ops(), context.features().get(m), context.labels(), context.classes())));
      String name = context.modalities().get(m);
      isotropic.add(
          meta.positive(
              MetaGroup.NOISE, "noise.isotropic." + name, options.noise().isotropic(), RANGE));
      spectral.add(
          meta.positive(
              MetaGroup.NOISE, "noise.spectral." + name, options.noise().spectral(), RANGE));
    }
  }

  /** The features of a modality with noise. */
  Variable perturbed(Batch batch, int modality, RandomKey key) {
    Variable x = batch.features(modality);
    if (silent) {
      return x;
    }
    return noise
        .get(modality)
        .perturb(
            x,
            isotropic.get(modality).on(batch.tape()),
            spectral.get(modality).on(batch.tape()),
            key);
  }
}
