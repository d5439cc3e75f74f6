package org.modalimmune.cuda.library.jcuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import org.modalimmune.cuda.error.CompilationException;
import org.modalimmune.cuda.library.CompilerLibrary;
import org.modalimmune.cuda.library.LibraryException;

/** NVRTC of CUDA 12. */
public final class JCudaCompiler implements CompilerLibrary {
  private final String version;

  /**
   * Loads the binding.
   *
   * @throws LibraryException if NVRTC does not answer
   */
  public JCudaCompiler() {
    int[] major = new int[1];
    int[] minor = new int[1];
    int status = JNvrtc.nvrtcVersion(major, minor);
    version = major[0] + "." + minor[0];
    require("nvrtcVersion", status);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public byte[] compile(
      String name, String source, Map<String, String> headers, List<String> options) {
    List<String> names = new ArrayList<>(headers.keySet());
    nvrtcProgram program = new nvrtcProgram();
    require(
        "nvrtcCreateProgram",
        JNvrtc.nvrtcCreateProgram(
            program,
            source,
            name,
            names.size(),
            names.stream().map(headers::get).toArray(String[]::new),
            names.toArray(String[]::new)));
    try {
      int status =
          JNvrtc.nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new));
      if (status != 0) {
        String[] log = new String[1];
        require("nvrtcGetProgramLog", JNvrtc.nvrtcGetProgramLog(program, log));
        throw new CompilationException(
            name, String.join(" ", options), JNvrtc.nvrtcGetErrorString(status), log[0]);
      }
      long[] size = new long[1];
      require("nvrtcGetCUBINSize", JNvrtc.nvrtcGetCUBINSize(program, size));
      byte[] code = new byte[Math.toIntExact(size[0])];
      require("nvrtcGetCUBIN", JNvrtc.nvrtcGetCUBIN(program, code));
      return code;
    } finally {
      require("nvrtcDestroyProgram", JNvrtc.nvrtcDestroyProgram(program));
    }
  }

  private void require(String call, int status) {
    if (status != 0) {
      throw new LibraryException(
          "NVRTC " + version + ": " + call + " failed: " + JNvrtc.nvrtcGetErrorString(status));
    }
  }
}
