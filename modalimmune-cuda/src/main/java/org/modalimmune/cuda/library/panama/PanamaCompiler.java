package org.modalimmune.cuda.library.panama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modalimmune.cuda.error.CompilationException;
import org.modalimmune.cuda.library.CompilerLibrary;
import org.modalimmune.cuda.library.LibraryException;
import org.modalimmune.cuda.library.NativeLibrary;

/** NVRTC of any major version. */
public final class PanamaCompiler implements CompilerLibrary {
  private final MethodHandle createProgram;
  private final MethodHandle compileProgram;
  private final MethodHandle cubinSize;
  private final MethodHandle cubin;
  private final MethodHandle logSize;
  private final MethodHandle log;
  private final MethodHandle destroyProgram;
  private final MethodHandle errorString;
  private final String version;

  /**
   * @param library NVRTC
   * @throws LibraryException if it lacks a function
   */
  public PanamaCompiler(NativeLibrary library) {
    createProgram =
        library.function(
            "nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    compileProgram = library.function("nvrtcCompileProgram", JAVA_LONG, JAVA_INT, ADDRESS);
    cubinSize = library.function("nvrtcGetCUBINSize", JAVA_LONG, ADDRESS);
    cubin = library.function("nvrtcGetCUBIN", JAVA_LONG, ADDRESS);
    logSize = library.function("nvrtcGetProgramLogSize", JAVA_LONG, ADDRESS);
    log = library.function("nvrtcGetProgramLog", JAVA_LONG, ADDRESS);
    destroyProgram = library.function("nvrtcDestroyProgram", ADDRESS);
    errorString =
        Linker.nativeLinker()
            .downcallHandle(
                library.address("nvrtcGetErrorString"),
                FunctionDescriptor.of(ADDRESS.withTargetLayout(JAVA_INT), JAVA_INT));
    version = version(library);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public byte[] compile(
      String name, String source, Map<String, String> headers, List<String> options) {
    try (Arena arena = Arena.ofConfined()) {
      List<String> names = new ArrayList<>(headers.keySet());
      MemorySegment program = arena.allocate(ADDRESS);
      int status =
          (int)
              createProgram.invokeExact(
                  program,
                  arena.allocateFrom(source),
                  arena.allocateFrom(name),
                  names.size(),
                  strings(arena, names.stream().map(headers::get).toList()),
                  strings(arena, names));
      require("nvrtcCreateProgram", status);
      long handle = program.get(JAVA_LONG, 0);
      try {
        status = (int) compileProgram.invokeExact(handle, options.size(), strings(arena, options));
        if (status != 0) {
          throw new CompilationException(
              name, String.join(" ", options), error(status), log(arena, handle));
        }
        return cubin(arena, handle);
      } finally {
        int destroyed = (int) destroyProgram.invokeExact(program);
        require("nvrtcDestroyProgram", destroyed);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
  }

  private byte[] cubin(Arena arena, long program) throws Throwable {
    MemorySegment size = arena.allocate(JAVA_LONG);
    int status = (int) cubinSize.invokeExact(program, size);
    require("nvrtcGetCUBINSize", status);
    MemorySegment code = arena.allocate(size.get(JAVA_LONG, 0));
    status = (int) cubin.invokeExact(program, code);
    require("nvrtcGetCUBIN", status);
    return code.toArray(ValueLayout.JAVA_BYTE);
  }

  private String log(Arena arena, long program) throws Throwable {
    MemorySegment size = arena.allocate(JAVA_LONG);
    int status = (int) logSize.invokeExact(program, size);
    require("nvrtcGetProgramLogSize", status);
    MemorySegment text = arena.allocate(size.get(JAVA_LONG, 0) + 1);
    status = (int) log.invokeExact(program, text);
    require("nvrtcGetProgramLog", status);
    return text.getString(0);
  }

  private void require(String call, int status) throws Throwable {
    if (status != 0) {
      throw new LibraryException("NVRTC " + version + ": " + call + " failed: " + error(status));
    }
  }

  private String error(int status) throws Throwable {
    MemorySegment text = (MemorySegment) errorString.invokeExact(status);
    return text.reinterpret(Integer.MAX_VALUE).getString(0);
  }

  private static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(ADDRESS, Math.max(1, texts.size()));
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
    }
    return array;
  }

  private static String version(NativeLibrary library) {
    MethodHandle function = library.function("nvrtcVersion", ADDRESS, ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(JAVA_INT);
      MemorySegment minor = arena.allocate(JAVA_INT);
      int status = (int) function.invokeExact(major, minor);
      if (status != 0) {
        throw new LibraryException(library.place() + ": nvrtcVersion failed with " + status);
      }
      return major.get(JAVA_INT, 0) + "." + minor.get(JAVA_INT, 0);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Call.impossible(e);
    }
  }
}
