package org.modalimmune.cuda.library;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The three libraries of one version of CUDA, loaded.
 *
 * @param major version of CUDA
 * @param compiler NVRTC
 * @param blas cuBLAS
 * @param solver cuSOLVER
 * @param binding what calls them: JCuda's classes, or {@code java.lang.foreign}
 */
public record LibrarySet(
    int major, NativeLibrary compiler, NativeLibrary blas, NativeLibrary solver, Binding binding) {
  /** What calls the libraries. */
  public enum Binding {
    /** JCuda's classes. */
    JCUDA("JCuda"),
    /** Handles of {@code java.lang.foreign}. */
    PANAMA("java.lang.foreign");

    private final String words;

    Binding(String words) {
      this.words = words;
    }
  }

  /** Version and binding in words, and the folders if the system did not know them. */
  public String description() {
    List<String> places = new ArrayList<>();
    for (NativeLibrary library : List.of(compiler, blas, solver)) {
      if (!library.place().equals(library.soname())) {
        places.add(library.place());
      }
    }
    return "CUDA "
        + major
        + " libraries through "
        + binding.words
        + (places.isEmpty() ? "" : " from " + String.join(", ", places));
  }

  /**
   * Looks for the libraries that a driver can run.
   *
   * @param preference which binding to use; forced means that nothing else is tried
   * @param driverMajor major version of CUDA that the driver supports
   * @param search where to look
   * @throws LibraryException if there are none; the message says for each version what is missing
   */
  public static LibrarySet choose(
      LibraryPreference preference, int driverMajor, LibrarySearch search) {
    List<String> missing = new ArrayList<>();
    if (preference != LibraryPreference.PANAMA) {
      Optional<LibrarySet> jcuda = forJCuda(driverMajor, search, missing);
      if (jcuda.isPresent()) {
        return jcuda.get();
      }
      if (preference == LibraryPreference.JCUDA) {
        throw new LibraryException(
            "library=jcuda needs the libraries of CUDA 12: "
                + String.join("; ", missing)
                + "; install them, or use library=panama");
      }
      missing.clear();
    }
    for (Toolkit toolkit : Toolkit.NEWEST_FIRST) {
      Optional<LibrarySet> set = find(toolkit, Binding.PANAMA, driverMajor, search, missing);
      if (set.isPresent()) {
        return set.get();
      }
    }
    throw new LibraryException(
        "no complete set of CUDA's libraries: "
            + String.join("; ", missing)
            + "; install a CUDA toolkit, name its folder by CUDA_HOME, or install the Python"
            + " packages nvidia-cuda-nvrtc, nvidia-cublas and nvidia-cusolver");
  }

  /**
   * Looks up every function that is used. To be called before a binding of JCuda is, whose call of
   * a function that is missing would end the process.
   *
   * @throws LibraryException for the first function that a library lacks
   */
  public void requireFunctions() {
    RequiredFunctions.COMPILER.forEach(compiler::address);
    RequiredFunctions.BLAS.forEach(blas::address);
    RequiredFunctions.SOLVER.forEach(solver::address);
  }

  private static Optional<LibrarySet> forJCuda(
      int driverMajor, LibrarySearch search, List<String> missing) {
    Optional<LibrarySet> set = find(Toolkit.OF_JCUDA, Binding.JCUDA, driverMajor, search, missing);
    if (set.isPresent() && search.find(Toolkit.JCUDA_MULTI_GPU_SOLVER).isEmpty()) {
      missing.add("CUDA 12 lacks " + Toolkit.JCUDA_MULTI_GPU_SOLVER);
      return Optional.empty();
    }
    return set;
  }

  private static Optional<LibrarySet> find(
      Toolkit toolkit,
      Binding binding,
      int driverMajor,
      LibrarySearch search,
      List<String> missing) {
    if (toolkit.major() > driverMajor) {
      missing.add("CUDA " + toolkit.major() + " is newer than the driver's CUDA " + driverMajor);
      return Optional.empty();
    }
    Optional<NativeLibrary> compiler = search.find(toolkit.compiler(), toolkit.companions());
    Optional<NativeLibrary> blas = search.find(toolkit.blas(), toolkit.companions());
    // cuSOLVER loads cuBLAS, so it comes last.
    Optional<NativeLibrary> solver = search.find(toolkit.solver(), toolkit.companions());
    if (compiler.isPresent() && blas.isPresent() && solver.isPresent()) {
      return Optional.of(
          new LibrarySet(toolkit.major(), compiler.get(), blas.get(), solver.get(), binding));
    }
    List<String> absent = new ArrayList<>();
    if (compiler.isEmpty()) {
      absent.add(toolkit.compiler());
    }
    if (blas.isEmpty()) {
      absent.add(toolkit.blas());
    }
    if (solver.isEmpty()) {
      absent.add(toolkit.solver());
    }
    missing.add("CUDA " + toolkit.major() + " lacks " + String.join(" and ", absent));
    return Optional.empty();
  }
}
