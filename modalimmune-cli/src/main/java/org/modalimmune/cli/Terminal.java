package org.modalimmune.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Whether a standard stream is a terminal. {@code Console.isTerminal} answers for input and output
 * together, and says nothing of standard error.
 */
final class Terminal {
  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  private Terminal() {}

  static boolean isStandardOutput() {
    return isTerminal(STANDARD_OUTPUT);
  }

  static boolean isStandardError() {
    return isTerminal(STANDARD_ERROR);
  }

  /** POSIX isatty; where the C library has none, a stream counts as a plain file. */
  @SuppressWarnings("restricted")
  private static boolean isTerminal(int descriptor) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> address = linker.defaultLookup().find("isatty");
    if (address.isEmpty()) {
      return false;
    }
    MethodHandle isatty =
        linker.downcallHandle(
            address.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) isatty.invokeExact(descriptor) == 1;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty cannot be called", e);
    }
  }
}
