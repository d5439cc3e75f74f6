package org.modalimmune.architecture;

import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.reflect.AccessFlag;
import java.util.List;

/** The rule that no class keeps state of the whole process: every static field is final. */
public final class StaticState {
  private StaticState() {}

  /** The static fields of the module that can be assigned again, as {@code package.Class.field}. */
  public static List<String> assignableFields(CompiledModule module) {
    return module.classes().stream().flatMap(model -> assignableFields(model).stream()).toList();
  }

  static List<String> assignableFields(ClassModel model) {
    String owner = model.thisClass().asInternalName().replace('/', '.');
    return model.fields().stream()
        .filter(field -> has(field, AccessFlag.STATIC) && !has(field, AccessFlag.FINAL))
        .map(field -> owner + "." + field.fieldName().stringValue())
        .toList();
  }

  private static boolean has(FieldModel field, AccessFlag flag) {
    return field.flags().has(flag);
  }
}
