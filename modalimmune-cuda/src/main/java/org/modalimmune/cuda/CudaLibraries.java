package org.modalimmune.cuda;

import org.modalimmune.cuda.driver.JCudaNatives;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.library.BlasLibrary;
import org.modalimmune.cuda.library.CompilerLibrary;
import org.modalimmune.cuda.library.LibraryException;
import org.modalimmune.cuda.library.LibrarySet;
import org.modalimmune.cuda.library.MathMode;
import org.modalimmune.cuda.library.NativeLibrary;
import org.modalimmune.cuda.library.SolverLibrary;
import org.modalimmune.cuda.library.jcuda.JCudaBlas;
import org.modalimmune.cuda.library.jcuda.JCudaCompiler;
import org.modalimmune.cuda.library.jcuda.JCudaSolver;
import org.modalimmune.cuda.library.panama.PanamaBlas;
import org.modalimmune.cuda.library.panama.PanamaCompiler;
import org.modalimmune.cuda.library.panama.PanamaSolver;

/**
 * The libraries, opened on one stream.
 *
 * @param compiler NVRTC
 * @param blas cuBLAS
 * @param solver cuSOLVER
 */
record CudaLibraries(CompilerLibrary compiler, BlasLibrary blas, SolverLibrary solver)
    implements AutoCloseable {
  /**
   * Opens a set.
   *
   * @throws LibraryException if a library lacks a function, is not of the version that its name
   *     says, or cannot be bound
   */
  static CudaLibraries open(LibrarySet set, Stream stream, MathMode mode) {
    set.requireFunctions();
    stream.device().makeCurrent();
    try {
      CompilerLibrary compiler = compiler(set);
      requireMajor(set.compiler(), compiler.version(), set.major());
      BlasLibrary blas = blas(set, stream, mode);
      try {
        requireMajor(set.blas(), blas.version(), set.major());
        return new CudaLibraries(compiler, blas, solver(set, stream));
      } catch (RuntimeException | LinkageError e) {
        blas.close();
        throw e;
      }
    } catch (LinkageError e) {
      throw new LibraryException(
          "JCuda's native libraries cannot be loaded: " + JCudaNatives.explain(e), e);
    }
  }

  @Override
  public void close() {
    try {
      solver.close();
    } finally {
      blas.close();
    }
  }

  private static CompilerLibrary compiler(LibrarySet set) {
    return switch (set.binding()) {
      case JCUDA -> new JCudaCompiler();
      case PANAMA -> new PanamaCompiler(set.compiler());
    };
  }

  private static BlasLibrary blas(LibrarySet set, Stream stream, MathMode mode) {
    return switch (set.binding()) {
      case JCUDA -> new JCudaBlas(stream, mode);
      case PANAMA -> new PanamaBlas(set.blas(), stream, mode);
    };
  }

  private static SolverLibrary solver(LibrarySet set, Stream stream) {
    return switch (set.binding()) {
      case JCUDA -> new JCudaSolver(stream);
      case PANAMA -> new PanamaSolver(set.solver(), stream);
    };
  }

  private static void requireMajor(NativeLibrary library, String version, int major) {
    if (!version.startsWith(major + ".")) {
      throw new LibraryException(
          "the library "
              + library.place()
              + " says it is version "
              + version
              + ", not "
              + major
              + "; is the file misnamed?");
    }
  }
}
