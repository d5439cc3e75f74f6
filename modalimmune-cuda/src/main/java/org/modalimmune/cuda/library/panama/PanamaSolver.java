package org.modalimmune.cuda.library.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.library.NativeLibrary;
import org.modalimmune.cuda.library.SolverConstants;
import org.modalimmune.cuda.library.SolverLibrary;
import org.modalimmune.cuda.library.Status;

/** The dense part of cuSOLVER of any major version. */
public final class PanamaSolver implements SolverLibrary {
  private final MethodHandle syevdSize;
  private final MethodHandle syevd;
  private final MethodHandle potrfSize;
  private final MethodHandle potrf;
  private final MethodHandle destroy;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment out = arena.allocate(JAVA_LONG);
  private final String device;
  private final long handle;

  /**
   * @param library cuSOLVER
   * @param stream where it works
   */
  public PanamaSolver(NativeLibrary library, Stream stream) {
    device = stream.device().description();
    String name = "cusolverDnD";
    syevdSize =
        library.function(
            name + "syevd_bufferSize",
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG);
    syevd =
        library.function(
            name + "syevd",
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG);
    potrfSize =
        library.function(
            name + "potrf_bufferSize",
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG);
    potrf =
        library.function(
            name + "potrf",
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG);
    destroy = library.function("cusolverDnDestroy", JAVA_LONG);
    MethodHandle create = library.function("cusolverDnCreate", JAVA_LONG);
    MethodHandle setStream = library.function("cusolverDnSetStream", JAVA_LONG, JAVA_LONG);
    int status = Call.status(create, out.address());
    handle = out.get(JAVA_LONG, 0);
    try {
      check("cusolverDnCreate", status);
      check("cusolverDnSetStream", Call.status(setStream, handle, stream.address()));
    } catch (RuntimeException e) {
      if (status == 0) {
        Call.status(destroy, handle);
      }
      arena.close();
      throw e;
    }
  }

  @Override
  public int eigenWorkspace(int n, long a, long values) {
    try {
      check(
          "cusolverDnDsyevd_bufferSize",
          (int)
              syevdSize.invokeExact(
                  handle,
                  SolverConstants.VECTORS_TOO,
                  SolverConstants.UPPER,
                  n,
                  a,
                  n,
                  values,
                  out.address()));
      return out.get(JAVA_INT, 0);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
  }

  @Override
  public void eigen(int n, long a, long values, long work, int workSize, long information) {
    try {
      check(
          "cusolverDnDsyevd",
          (int)
              syevd.invokeExact(
                  handle,
                  SolverConstants.VECTORS_TOO,
                  SolverConstants.UPPER,
                  n,
                  a,
                  n,
                  values,
                  work,
                  workSize,
                  information));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
  }

  @Override
  public int choleskyWorkspace(int n, long a) {
    try {
      check(
          "cusolverDnDpotrf_bufferSize",
          (int) potrfSize.invokeExact(handle, SolverConstants.UPPER, n, a, n, out.address()));
      return out.get(JAVA_INT, 0);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
  }

  @Override
  public void cholesky(int n, long a, long work, int workSize, long information) {
    try {
      check(
          "cusolverDnDpotrf",
          (int)
              potrf.invokeExact(
                  handle, SolverConstants.UPPER, n, a, n, work, workSize, information));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
  }

  @Override
  public void close() {
    try {
      check("cusolverDnDestroy", (int) destroy.invokeExact(handle));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    } finally {
      arena.close();
    }
  }

  private void check(String call, int status) {
    Status.CUSOLVER.check(call, status, device);
  }
}
