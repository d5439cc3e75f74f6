package org.modalimmune.cuda.library;

/** Which binding of CUDA's libraries to use. */
public enum LibraryPreference {
  /** JCuda's where CUDA 12 is found, else {@link #PANAMA}. */
  AUTO,
  /** JCuda's, or an error. */
  JCUDA,
  /** The one by {@code java.lang.foreign}, with the newest CUDA that the driver runs. */
  PANAMA
}
