package org.modalimmune.cuda.driver;

import jcuda.driver.JCudaDriver;

/** Where JCuda looks for its native libraries, which it brings in jars of their own. */
public final class JCudaNatives {
  private JCudaNatives() {}

  /**
   * What to do where they are not found. A class in a named module reads resources of its own
   * module alone, so that on the module path JCuda does not see the jars with its natives.
   */
  public static String hint() {
    return hint(JCudaDriver.class.getModule().isNamed());
  }

  static String hint(boolean onModulePath) {
    return onModulePath
        ? "; on the module path JCuda does not see its jars of natives: unpack the folder lib of"
            + " jcuda-natives, jcublas-natives and jcusolver-natives and name it by"
            + " -Djava.library.path, or put JCuda on the class path"
        : "; are the jars of JCuda's natives on the class path?";
  }
}
