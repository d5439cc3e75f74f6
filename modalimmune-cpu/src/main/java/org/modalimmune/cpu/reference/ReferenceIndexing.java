package org.modalimmune.cpu.reference;

import org.modalimmune.backend.kernel.IndexingKernels;
import org.modalimmune.tensor.Tensor;

/** Row access, one row after the other. */
public final class ReferenceIndexing implements IndexingKernels {
  /** Has no state. */
  public ReferenceIndexing() {}

  @Override
  public void gatherRows(Tensor x, int[] rows, Tensor out) {
    View in = View.of(x);
    View z = View.of(out);
    for (int i = 0; i < rows.length; i++) {
      for (Walk w = new Walk(in.select(0, rows[i]), z.select(0, i)); w.next(); ) {
        z.set(w.at(1), in.get(w.at(0)));
      }
    }
  }

  @Override
  public void scatterAddRows(Tensor x, int[] rows, Tensor out) {
    View in = View.of(x);
    View z = View.of(out);
    double[] sums = new double[Math.toIntExact(z.elements())];
    for (int i = 0; i < rows.length; i++) {
      View source = in.select(0, i);
      int at = Math.toIntExact(rows[i] * source.elements());
      for (Walk w = new Walk(source); w.next(); at++) {
        sums[at] += source.get(w.at(0));
      }
    }
    int at = 0;
    for (Walk w = new Walk(z); w.next(); at++) {
      z.set(w.at(0), sums[at]);
    }
  }
}
