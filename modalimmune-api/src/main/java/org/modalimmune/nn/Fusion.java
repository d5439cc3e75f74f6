package org.modalimmune.nn;

import java.util.List;
import org.modalimmune.autodiff.Variable;

/** Joins the embeddings of several modalities, of which each row has some. */
public interface Fusion {
  /**
   * The joint representation. What an absent modality's embedding holds, NaN included, influences
   * neither value nor gradient.
   *
   * @param embeddings one per modality, [B, d_m]
   * @param presence [B, M], 0 where a row lacks a modality, 1 elsewhere; a constant
   * @return [B, {@link #width}]
   */
  Variable forward(List<Variable> embeddings, Variable presence, Pass pass);

  /** Columns of the joint representation. */
  long width();

  /** The parameters in a fixed order; empty if there are none. */
  List<Parameter> parameters();
}
