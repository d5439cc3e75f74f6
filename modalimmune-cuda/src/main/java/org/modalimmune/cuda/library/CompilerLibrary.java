package org.modalimmune.cuda.library;

import java.util.List;
import java.util.Map;
import org.modalimmune.cuda.error.CompilationException;

/** NVRTC, the compiler of CUDA C at run time. Safe for use by several threads. */
public interface CompilerLibrary {
  /** Version as {@code major.minor}. */
  String version();

  /**
   * Compiles one source for one architecture.
   *
   * @param name file name for messages
   * @param source the text
   * @param headers texts that the source may include, by the name it includes them by
   * @param options the compiler's options; among them {@code --gpu-architecture=sm_XX}
   * @return the binary for that architecture (cubin)
   * @throws CompilationException if the source does not compile, with the compiler's messages
   */
  byte[] compile(String name, String source, Map<String, String> headers, List<String> options);
}
