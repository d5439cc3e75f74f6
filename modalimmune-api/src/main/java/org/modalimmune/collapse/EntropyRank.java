package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.tensor.DType;

/**
 * Effective rank exp(-sum p ln p) with p = l / tr(S), l all eigenvalues of an embedding's
 * covariance S (Roy and Vetterli, "The effective rank", EUSIPCO 2007). RankMe (Garrido et al., ICML
 * 2023) is the same of the singular values of Z without centring.
 *
 * <p>ln p stands for ln(p + u), u the unit roundoff of the embedding's type: the curvature at p = 0
 * is then finite, and the entropy changes by at most min(B, d) u. Computed in float64 whatever the
 * type: the gradient of small eigenvalues needs their logarithm. Derivatives to second order; a
 * third is refused.
 */
public final class EntropyRank implements RankMeasure {
  /** The measure; it has no settings. */
  public EntropyRank() {}

  @Override
  public Variable of(Variable embedding) {
    CentredEmbedding centred = CentredEmbedding.of("entropy rank", embedding);
    if (centred.constant()) {
      return embedding.tape().constant(1, embedding.dtype());
    }
    Variable a = Elementwise.cast(centred.matrix(), DType.FLOAT64);
    Variable share = Elementwise.divide(ParticipationRatio.gram(a), Reduction.dot(a, a));
    Variable entropy = SpectralEntropy.of(share, embedding.dtype().unitRoundoff());
    return Elementwise.cast(Elementwise.exp(entropy), embedding.dtype());
  }
}
