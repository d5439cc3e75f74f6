package org.modalimmune.cuda.driver;

import jcuda.driver.JCudaDriver;

/**
 * Where JCuda looks for its native libraries, which it brings in jars of their own, and what java
 * must allow them.
 */
public final class JCudaNatives {
  private JCudaNatives() {}

  /**
   * Why they cannot be loaded, in one line, and what to do. A class in a named module reads
   * resources of its own module alone, so that on the module path JCuda does not see the jars with
   * its natives.
   */
  public static String explain(LinkageError e) {
    // JCuda's message goes on with the stack traces of both ways it tried.
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("")
        + hint(JCudaDriver.class.getModule().isNamed());
  }

  static String hint(boolean onModulePath) {
    return onModulePath
        ? "; on the module path JCuda does not see its jars of natives: unpack the folder lib of"
            + " jcuda-natives, jcublas-natives and jcusolver-natives and name it by"
            + " -Djava.library.path, or put all jars on the class path"
        : "; are the jars of JCuda's natives on the class path?";
  }

  /** The option of java that lets this module and JCuda call native code. */
  static String accessOption() {
    return JCudaNatives.class.getModule().isNamed()
        ? "--enable-native-access=org.modalimmune.cuda,jcuda,jcublas,jcusolver"
        : "--enable-native-access=ALL-UNNAMED";
  }
}
