package org.modalimmune.cuda.library;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A library that is loaded; it stays so for the life of the process.
 *
 * @param soname its name
 * @param place where it was found: a path, or its name if the system found it
 * @param symbols its functions
 */
public record NativeLibrary(String soname, String place, SymbolLookup symbols) {
  /**
   * A function that returns a status. Pointers and handles are passed as {@code long}.
   *
   * @throws LibraryException if the library has none of that name
   */
  public MethodHandle function(String name, MemoryLayout... parameters) {
    return Linker.nativeLinker()
        .downcallHandle(address(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }

  /**
   * The address of a function.
   *
   * @throws LibraryException if the library has none of that name
   */
  public MemorySegment address(String name) {
    return symbols
        .find(name)
        .orElseThrow(
            () ->
                new LibraryException(
                    "the library "
                        + place
                        + " has no function "
                        + name
                        + "; is it NVIDIA's, and whole?"));
  }
}
