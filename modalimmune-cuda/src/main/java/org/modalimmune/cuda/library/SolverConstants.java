package org.modalimmune.cuda.library;

/** Numbers of cuSOLVER's headers. */
public final class SolverConstants {
  /** CUSOLVER_EIG_MODE_VECTOR. */
  public static final int VECTORS_TOO = 1;

  /** CUBLAS_FILL_MODE_UPPER. */
  public static final int UPPER = 1;

  private SolverConstants() {}
}
