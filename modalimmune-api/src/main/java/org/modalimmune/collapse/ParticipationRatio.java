package org.modalimmune.collapse;

import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Matrix;
import org.modalimmune.autodiff.Reduction;
import org.modalimmune.autodiff.Variable;

/**
 * Participation ratio tr(S)^2 / tr(S^2) of an embedding's covariance: smooth wherever there is
 * variance, no eigenvalues needed. Through the Gram matrix of the smaller side: 2 B d min(B, d)
 * flops.
 */
public final class ParticipationRatio implements RankMeasure {
  /** The measure; it has no settings. */
  public ParticipationRatio() {}

  @Override
  public Variable of(Variable embedding) {
    CentredEmbedding centred = CentredEmbedding.of("participation ratio", embedding);
    if (centred.constant()) {
      return embedding.tape().constant(1, embedding.dtype());
    }
    Variable gram = gram(centred.matrix());
    Variable trace = Reduction.dot(centred.matrix(), centred.matrix());
    return Elementwise.divide(Elementwise.square(trace), Reduction.dot(gram, gram));
  }

  /** A'A or A A', whichever is smaller; the nonzero eigenvalues are the same. */
  static Variable gram(Variable a) {
    Variable transposed = Matrix.transpose(a);
    boolean wide = a.shape().dim(0) < a.shape().dim(1);
    return wide ? Matrix.matmul(a, transposed) : Matrix.matmul(transposed, a);
  }
}
