package org.modalimmune.cuda.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.modalimmune.cuda.library.CompilerLibrary;

/** Compiles sources for one device, or takes the result of an earlier time from the cache. */
public final class KernelCompiler {
  private final CompilerLibrary library;
  private final String architecture;
  private final KernelCache cache;

  /**
   * @param library the compiler
   * @param capability compute capability of the device, 75 for 7.5
   * @param cache where results are kept
   */
  public KernelCompiler(CompilerLibrary library, int capability, KernelCache cache) {
    this.library = library;
    this.architecture = "sm_" + capability;
    this.cache = cache;
  }

  /**
   * Machine code of a source.
   *
   * @param source what to compile
   * @param headers texts that it may include, by name
   * @param defines macros, as {@code NAME=value}
   */
  public byte[] compile(SourceText source, Map<String, String> headers, List<String> defines) {
    List<String> options = new ArrayList<>();
    options.add("--gpu-architecture=" + architecture);
    options.add("--std=c++17");
    options.add("--fmad=" + source.contraction());
    for (String define : defines) {
      options.add("-D" + define);
    }
    ContentHash hash = new ContentHash();
    hash.add("NVRTC " + library.version()).add(source.name()).add(source.text());
    new TreeMap<>(headers).forEach((name, text) -> hash.add(name).add(text));
    options.forEach(hash::add);
    String key = hash.hex();
    Optional<byte[]> kept = cache.find(key);
    if (kept.isPresent()) {
      return kept.get();
    }
    byte[] cubin = library.compile(source.name(), source.text(), headers, options);
    cache.keep(key, cubin);
    return cubin;
  }
}
