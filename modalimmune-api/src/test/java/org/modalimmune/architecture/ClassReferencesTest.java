package org.modalimmune.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The readers of compiled classes see what they must see, on classes made for it. */
final class ClassReferencesTest {
  private static final String HERE = "org.modalimmune.architecture";
  private static final String OTHER = "org.modalimmune.annotation";

  @Test
  void findsFullyQualifiedNameInCode() throws IOException {
    assertEquals(Set.of(HERE, OTHER), ClassReferences.projectPackages(model(InCode.class)));
  }

  @Test
  void findsTypeArgument() throws IOException {
    assertEquals(Set.of(HERE, OTHER), ClassReferences.projectPackages(model(InSignature.class)));
  }

  @Test
  void findsAnnotation() throws IOException {
    assertEquals(Set.of(HERE, OTHER), ClassReferences.projectPackages(model(InAnnotation.class)));
  }

  @Test
  void passesOverStringLiteral() throws IOException {
    assertEquals(Set.of(HERE), ClassReferences.projectPackages(model(InLiteral.class)));
  }

  @Test
  void findsAssignableStaticField() throws IOException {
    assertEquals(
        List.of(InLiteral.class.getName() + ".assignable"),
        StaticState.assignableFields(model(InLiteral.class)));
  }

  private static ClassModel model(Class<?> type) throws IOException {
    String name = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(name)) {
      assertNotNull(in, name);
      return ClassFile.of().parse(in.readAllBytes());
    }
  }

  static final class InCode {
    static boolean isAnnotation(Object value) {
      return value instanceof org.modalimmune.annotation.Nullable;
    }
  }

  interface InSignature {
    List<? extends org.modalimmune.annotation.Nullable> all();
  }

  interface InAnnotation {
    @org.modalimmune.annotation.Nullable
    Object one();
  }

  static final class InLiteral {
    static final String CONSTANT = "x";
    static String assignable = "org/modalimmune/annotation/Nullable";
  }
}
