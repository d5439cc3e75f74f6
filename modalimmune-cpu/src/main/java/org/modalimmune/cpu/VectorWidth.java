package org.modalimmune.cpu;

/** A class loader that fixes the vector width of the kernel classes it defines. */
public interface VectorWidth {
  /** Bits per vector: 128, 256 or 512. */
  int vectorBits();
}
