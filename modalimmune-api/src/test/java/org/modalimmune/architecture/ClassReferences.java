package org.modalimmune.architecture;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a compiled class refers to. */
final class ClassReferences {
  private static final Pattern PROJECT_CLASS = Pattern.compile("org/modalimmune(/[\\w$]+)+");

  private ClassReferences() {}

  /**
   * The project's packages that the class refers to, its own included: in code, in descriptors, in
   * generic signatures and in annotations. All of these are text in the constant pool; text that is
   * there only as a string literal does not count.
   */
  static Set<String> projectPackages(ClassModel model) {
    Set<Integer> literals = new HashSet<>();
    Set<Integer> classNames = new HashSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof StringEntry literal) {
        literals.add(literal.utf8().index());
      } else if (entry instanceof ClassEntry name) {
        classNames.add(name.name().index());
      }
    }
    literals.removeAll(classNames);

    Set<String> packages = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry text && !literals.contains(text.index())) {
        Matcher matcher = PROJECT_CLASS.matcher(text.stringValue());
        while (matcher.find()) {
          packages.add(packageOf(matcher.group()));
        }
      }
    }
    return packages;
  }

  /** The package of a class, with dots. */
  static String packageOf(ClassModel model) {
    return packageOf(model.thisClass().asInternalName());
  }

  private static String packageOf(String internalName) {
    return internalName.substring(0, internalName.lastIndexOf('/')).replace('/', '.');
  }
}
