package org.modalimmune.cuda;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.cuda.library.LibraryPreference;
import org.modalimmune.cuda.library.MathMode;

/**
 * The settings of the backend, as they come with {@link BackendOptions}.
 *
 * @param device {@code device}: number of the device; the first that can be used if not given
 * @param library {@code library}: {@code auto}, {@code jcuda} or {@code panama}
 * @param memoryLimitBytes {@code memory-limit-mib}: most memory for tensors; the device's if not
 *     given
 * @param math {@code math}: {@code strict}, {@code tf32} or {@code bf16}
 * @param fusion {@code fusion}: {@code on} or {@code off}; whether chains of element-wise
 *     operations become one kernel
 * @param cache {@code cache}: folder for compiled kernels
 */
record CudaSettings(
    OptionalInt device,
    LibraryPreference library,
    OptionalLong memoryLimitBytes,
    MathMode math,
    boolean fusion,
    Optional<Path> cache) {
  private static final String DEVICE = "device";
  private static final String LIBRARY = "library";
  private static final String MEMORY_LIMIT_MIB = "memory-limit-mib";
  private static final String MATH = "math";
  private static final String FUSION = "fusion";
  private static final String CACHE = "cache";
  private static final List<String> KNOWN =
      List.of(CACHE, DEVICE, FUSION, LIBRARY, MATH, MEMORY_LIMIT_MIB);

  private static final long MEBIBYTE = 1L << 20;

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException if one is unknown or out of range
   */
  static CudaSettings of(BackendOptions options) {
    Map<String, String> given = options.settings();
    for (String name : new TreeSet<>(given.keySet())) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "backend cuda: unknown setting '" + name + "'; known: " + KNOWN);
      }
    }
    return new CudaSettings(
        device(given),
        LibraryPreference.valueOf(
            choice(given, LIBRARY, List.of("auto", "jcuda", "panama")).toUpperCase(Locale.ROOT)),
        memoryLimit(given),
        MathMode.valueOf(
            choice(given, MATH, List.of("strict", "tf32", "bf16")).toUpperCase(Locale.ROOT)),
        choice(given, FUSION, List.of("on", "off")).equals("on"),
        cache(given));
  }

  private static OptionalInt device(Map<String, String> given) {
    String text = given.get(DEVICE);
    if (text == null) {
      return OptionalInt.empty();
    }
    long number = number(text);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "setting device: needs the number of a device, from 0, got " + text);
    }
    return OptionalInt.of((int) number);
  }

  private static OptionalLong memoryLimit(Map<String, String> given) {
    String text = given.get(MEMORY_LIMIT_MIB);
    if (text == null) {
      return OptionalLong.empty();
    }
    long mebibytes = number(text);
    if (mebibytes < 1 || mebibytes > Long.MAX_VALUE / MEBIBYTE) {
      throw new IllegalArgumentException(
          "setting memory-limit-mib: needs a positive number of mebibytes, got " + text);
    }
    return OptionalLong.of(mebibytes * MEBIBYTE);
  }

  private static Optional<Path> cache(Map<String, String> given) {
    String text = given.get(CACHE);
    if (text == null) {
      return Optional.empty();
    }
    try {
      if (!text.isBlank()) {
        return Optional.of(Path.of(text).toAbsolutePath());
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("setting cache: not a folder's name: " + text, e);
    }
    throw new IllegalArgumentException("setting cache: needs a folder's name, got nothing");
  }

  /** The value of a setting that has a few; the first is the default. */
  private static String choice(Map<String, String> given, String name, List<String> values) {
    String value = given.getOrDefault(name, values.getFirst());
    if (!values.contains(value)) {
      throw new IllegalArgumentException(
          "setting " + name + ": must be one of " + values + ", got " + value);
    }
    return value;
  }

  /** The number that a text says; -1 if it says none. */
  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
