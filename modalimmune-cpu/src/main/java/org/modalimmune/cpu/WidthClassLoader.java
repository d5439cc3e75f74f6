package org.modalimmune.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Defines the classes of the kernel package once more, for another vector width.
 *
 * <p>The compiler turns vector code into instructions only where the species is a constant. A
 * static final field is one; a field of a kernel object or an argument is not. One copy of the
 * classes per width keeps the field static final, and keeps the widths' type profiles apart.
 */
final class WidthClassLoader extends ClassLoader implements VectorWidth {
  private static final String KERNEL_PACKAGE = "org.modalimmune.cpu.vector.";

  /** Packages that kernel classes use and that the module does not export to everyone. */
  private static final List<String> USED =
      List.of("org.modalimmune.cpu.parallel", "org.modalimmune.cpu.reference");

  private final int vectorBits;

  WidthClassLoader(int vectorBits) {
    super("modalimmune-vector-" + vectorBits, WidthClassLoader.class.getClassLoader());
    this.vectorBits = vectorBits;
    for (String name : USED) {
      WidthClassLoader.class.getModule().addExports(name, getUnnamedModule());
    }
  }

  @Override
  public int vectorBits() {
    return vectorBits;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(KERNEL_PACKAGE)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = "/" + name.replace('.', '/') + ".class";
    try (InputStream in = WidthClassLoader.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
