package org.modalimmune.cuda.library;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds shared libraries by name: where the system looks ({@code LD_LIBRARY_PATH}, the linker's
 * cache), then in the toolkit ({@code CUDA_HOME}, {@code CUDA_PATH}, {@code /usr/local/cuda*}),
 * then in the {@code nvidia/.../lib} folders of Python packages.
 */
public final class LibrarySearch {
  private final List<Path> folders;

  /**
   * @param folders where to look after the system, in this order
   */
  public LibrarySearch(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /**
   * The search of a process.
   *
   * @param environment its variables
   * @param root the folder that absolute standard places are under, {@code /} but in tests
   */
  public static LibrarySearch of(Map<String, String> environment, Path root) {
    Set<Path> found = new LinkedHashSet<>();
    List<Path> toolkits = new ArrayList<>();
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      path(environment, variable).ifPresent(toolkits::add);
    }
    toolkits.addAll(matches(root.resolve("usr/local"), "cuda*"));
    for (Path toolkit : toolkits) {
      for (String lib : List.of("lib64", "lib", "targets/x86_64-linux/lib")) {
        addFolder(found, toolkit.resolve(lib));
      }
    }
    for (Path packages : pythonPackages(environment, root)) {
      for (Path vendor : matches(packages.resolve("nvidia"), "*")) {
        addFolder(found, vendor.resolve("lib"));
      }
    }
    return new LibrarySearch(List.copyOf(found));
  }

  /** The folders that are searched after the system. */
  public List<Path> folders() {
    return folders;
  }

  /** Loads a library of that name; empty if there is none that can be loaded. */
  public Optional<NativeLibrary> find(String soname) {
    Optional<SymbolLookup> bySystem = load(soname);
    if (bySystem.isPresent()) {
      return Optional.of(new NativeLibrary(soname, soname, bySystem.get()));
    }
    for (Path folder : folders) {
      Path file = folder.resolve(soname);
      if (Files.exists(file)) {
        Optional<SymbolLookup> symbols = load(file.toString());
        if (symbols.isPresent()) {
          return Optional.of(new NativeLibrary(soname, file.toString(), symbols.get()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Loads a library of that name, and if that fails once more with its companions loaded, which the
   * dynamic linker then finds by their names.
   */
  Optional<NativeLibrary> find(String soname, List<String> companions) {
    Optional<NativeLibrary> alone = find(soname);
    if (alone.isPresent() || folders.stream().noneMatch(f -> Files.exists(f.resolve(soname)))) {
      return alone;
    }
    companions.forEach(this::find);
    return find(soname);
  }

  // Never unloaded: a library that has started threads of its own cannot be.
  private static Optional<SymbolLookup> load(String name) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<Path> pythonPackages(Map<String, String> environment, Path root) {
    List<Path> found = new ArrayList<>();
    for (String entry : environment.getOrDefault("PYTHONPATH", "").split(File.pathSeparator, -1)) {
      path(entry).ifPresent(found::add);
    }
    List<Path> prefixes = new ArrayList<>();
    path(environment, "VIRTUAL_ENV").ifPresent(prefixes::add);
    path(environment, "CONDA_PREFIX").ifPresent(prefixes::add);
    path(environment, "HOME").ifPresent(home -> prefixes.add(home.resolve(".local")));
    prefixes.add(root.resolve("usr/local"));
    prefixes.add(root.resolve("usr"));
    prefixes.addAll(matches(root.resolve("opt"), "*"));
    for (Path prefix : prefixes) {
      for (Path python : matches(prefix.resolve("lib"), "python3*")) {
        found.add(python.resolve("site-packages"));
        found.add(python.resolve("dist-packages"));
      }
    }
    return found;
  }

  /** Entries of a folder whose names match, newest version first; none if it cannot be read. */
  private static List<Path> matches(Path folder, String pattern) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      return List.of();
    }
    found.sort(new VersionOrder().reversed());
    return found;
  }

  private static void addFolder(Set<Path> found, Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        found.add(folder.toRealPath());
      }
    } catch (IOException e) {
      // Not readable, so nothing can be loaded from it.
      return;
    }
  }

  private static Optional<Path> path(Map<String, String> environment, String variable) {
    return path(environment.getOrDefault(variable, ""));
  }

  private static Optional<Path> path(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
