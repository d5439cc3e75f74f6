package org.modalimmune.cuda.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.modalimmune.backend.kernel.BinaryOp;
import org.modalimmune.backend.kernel.UnaryOp;

/**
 * A function of {@code functions.cuh} that element-wise kernels and chains apply.
 *
 * @param id number, from 0 without gaps
 * @param entry name of its kernels in {@code elementwise.cu}, before {@code _dense} and {@code
 *     _strided}
 * @param functor name of the functor
 * @param operands tensors that it reads, 0 to 3
 * @param scalars numbers that it is made with, 0 to 2
 */
record ElementFunction(int id, String entry, String functor, int operands, int scalars) {
  private static final int FIRST_BINARY = UnaryOp.values().length;
  private static final int FIRST_OTHER = FIRST_BINARY + BinaryOp.values().length;

  /** {@code condition != 0 ? a : b}. */
  static final ElementFunction SELECT = new ElementFunction(FIRST_OTHER, "select", "Select", 3, 0);

  /** Scale and shift. */
  static final ElementFunction AFFINE =
      new ElementFunction(FIRST_OTHER + 1, "affine", "Affine", 1, 2);

  /** Low and high. */
  static final ElementFunction CLAMP = new ElementFunction(FIRST_OTHER + 2, "clamp", "Clamp", 1, 2);

  /** Alpha; operands x, y. */
  static final ElementFunction AXPY = new ElementFunction(FIRST_OTHER + 3, "axpy", "Axpy", 2, 1);

  /** The value. */
  static final ElementFunction FILL =
      new ElementFunction(FIRST_OTHER + 4, "fill", "Constant", 0, 1);

  /** The operand itself. */
  static final ElementFunction COPY =
      new ElementFunction(FIRST_OTHER + 5, "copy", "Identity", 1, 0);

  private static final List<ElementFunction> ALL = all();
  private static final Map<String, ElementFunction> BY_ENTRY =
      ALL.stream().collect(Collectors.toUnmodifiableMap(ElementFunction::entry, f -> f));

  /** All functions, by number. */
  static List<ElementFunction> values() {
    return ALL;
  }

  static ElementFunction of(UnaryOp op) {
    return named(op.name());
  }

  static ElementFunction of(BinaryOp op) {
    return named(op.name());
  }

  private static ElementFunction named(String entry) {
    ElementFunction f = BY_ENTRY.get(entry);
    if (f == null) {
      throw new IllegalArgumentException("elementwise: there is no kernel " + entry);
    }
    return f;
  }

  private static List<ElementFunction> all() {
    List<ElementFunction> all = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      all.add(new ElementFunction(all.size(), op.name(), camelCase(op.name()), 1, 0));
    }
    for (BinaryOp op : BinaryOp.values()) {
      all.add(new ElementFunction(all.size(), op.name(), camelCase(op.name()), 2, 0));
    }
    all.addAll(List.of(SELECT, AFFINE, CLAMP, AXPY, FILL, COPY));
    return List.copyOf(all);
  }

  private static String camelCase(String constant) {
    return Arrays.stream(constant.split("_"))
        .map(w -> w.charAt(0) + w.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
