package org.modalimmune.cuda.library.jcuda;

import jcuda.jcusolver.JCusolverDn;
import jcuda.jcusolver.cusolverDnHandle;
import org.modalimmune.cuda.driver.Stream;
import org.modalimmune.cuda.library.SolverConstants;
import org.modalimmune.cuda.library.SolverLibrary;
import org.modalimmune.cuda.library.Status;

/** The dense part of cuSOLVER of CUDA 12. */
public final class JCudaSolver implements SolverLibrary {
  private final cusolverDnHandle handle = new cusolverDnHandle();
  private final String device;

  /**
   * Loads the binding.
   *
   * @param stream where it works
   */
  public JCudaSolver(Stream stream) {
    device = stream.device().description();
    check("cusolverDnCreate", JCusolverDn.cusolverDnCreate(handle));
    try {
      check("cusolverDnSetStream", JCusolverDn.cusolverDnSetStream(handle, stream.runtimeHandle()));
    } catch (RuntimeException e) {
      JCusolverDn.cusolverDnDestroy(handle);
      throw e;
    }
  }

  @Override
  public int eigenWorkspace(int n, long a, long values) {
    int[] size = new int[1];
    check(
        "cusolverDnDsyevd_bufferSize",
        JCusolverDn.cusolverDnDsyevd_bufferSize(
            handle,
            SolverConstants.VECTORS_TOO,
            SolverConstants.UPPER,
            n,
            new RawPointer(a),
            n,
            new RawPointer(values),
            size));
    return size[0];
  }

  @Override
  public void eigen(int n, long a, long values, long work, int workSize, long information) {
    check(
        "cusolverDnDsyevd",
        JCusolverDn.cusolverDnDsyevd(
            handle,
            SolverConstants.VECTORS_TOO,
            SolverConstants.UPPER,
            n,
            new RawPointer(a),
            n,
            new RawPointer(values),
            new RawPointer(work),
            workSize,
            new RawPointer(information)));
  }

  @Override
  public int choleskyWorkspace(int n, long a) {
    int[] size = new int[1];
    check(
        "cusolverDnDpotrf_bufferSize",
        JCusolverDn.cusolverDnDpotrf_bufferSize(
            handle, SolverConstants.UPPER, n, new RawPointer(a), n, size));
    return size[0];
  }

  @Override
  public void cholesky(int n, long a, long work, int workSize, long information) {
    check(
        "cusolverDnDpotrf",
        JCusolverDn.cusolverDnDpotrf(
            handle,
            SolverConstants.UPPER,
            n,
            new RawPointer(a),
            n,
            new RawPointer(work),
            workSize,
            new RawPointer(information)));
  }

  @Override
  public void close() {
    check("cusolverDnDestroy", JCusolverDn.cusolverDnDestroy(handle));
  }

  private void check(String call, int status) {
    Status.CUSOLVER.check(call, status, device);
  }
}
