package org.modalimmune.cuda.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.modalimmune.cuda.compile.SourceText;
import org.modalimmune.tensor.DType;

/**
 * The CUDA C of a chain: one function does all operations on one element, and two loops apply it to
 * packs of four and to what is left. Parameters: number of elements, inputs, each with its period
 * if it has one, stored outputs, scalars.
 */
final class ChainSource {
  /** The kernel's name. */
  static final String ENTRY = "chain";

  private final Chain chain;
  private final List<String> stored = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private ChainSource(Chain chain) {
    this.chain = chain;
  }

  /** The source of a chain. */
  static SourceText of(Chain chain) {
    return new SourceText("chain.cu", new ChainSource(chain).write());
  }

  private String write() {
    for (int j = 0; j < chain.size(); j++) {
      if (chain.isStored(j)) {
        stored.add("y" + j);
      }
    }
    line("// Element-wise operations that follow each other, in one pass.");
    line("#define REAL " + (chain.type() == DType.FLOAT32 ? "float" : "double"));
    line("#include \"view.cuh\"");
    line("#include \"functions.cuh\"");
    line("#include \"map.cuh\"");
    line("#include \"spread.cuh\"");
    line("");
    writeElement();
    line("");
    writeKernel();
    return text.toString();
  }

  private void writeElement() {
    StringJoiner parameters = new StringJoiner(", ", "__device__ inline void element(", ") {");
    forEachInput(i -> parameters.add("T x" + i));
    forEachScalar(s -> parameters.add("T " + s));
    stored.forEach(y -> parameters.add("T& " + y));
    line(parameters.toString());
    for (int j = 0; j < chain.size(); j++) {
      StringJoiner arguments = new StringJoiner(", ", "(", ")");
      for (int k = 0; k < chain.function(j).operands(); k++) {
        int operand = chain.operand(j, k);
        arguments.add(operand >= 0 ? "x" + operand : "v" + (-1 - operand));
      }
      line("  T v" + j + " = " + functor(j) + arguments + ";");
    }
    for (int j = 0; j < chain.size(); j++) {
      if (chain.isStored(j)) {
        line("  y" + j + " = v" + j + ";");
      }
    }
    line("}");
  }

  private void writeKernel() {
    StringJoiner parameters =
        new StringJoiner(", ", "extern \"C\" __global__ void " + ENTRY + "(long long n, ", ") {");
    forEachInput(
        i -> {
          parameters.add("const T* in" + i);
          if (chain.spread(i).isPeriodic()) {
            parameters.add("const Period every" + i);
          }
        });
    stored.forEach(y -> parameters.add("T* out" + y.substring(1)));
    forEachScalar(s -> parameters.add("T " + s));
    line(parameters.toString());
    StringJoiner aligned = new StringJoiner(" && ");
    forEachInput(
        i -> {
          if (chain.spread(i) == Spread.ONE) {
            line("  T x" + i + " = *in" + i + ";");
          } else if (chain.spread(i) == Spread.DENSE) {
            aligned.add("aligned(in" + i + ")");
          }
        });
    stored.forEach(y -> aligned.add("aligned(out" + y.substring(1) + ")"));
    line("  long long packs = " + aligned + " ? n / LANES : 0;");
    line("  for (long long p = firstIndex(); p < packs; p += gridThreads()) {");
    forEachInput(i -> readPack(i));
    stored.forEach(y -> line("    Pack<T> " + y + ";"));
    line("#pragma unroll");
    line("    for (int l = 0; l < LANES; l++) {");
    line("      " + call(".lane[l]") + ";");
    line("    }");
    stored.forEach(y -> line("    ((Pack<T>*)out" + y.substring(1) + ")[p] = " + y + ";"));
    line("  }");
    line("  for (long long i = packs * LANES + firstIndex(); i < n; i += gridThreads()) {");
    forEachInput(i -> readElement(i));
    stored.forEach(y -> line("    T " + y + ";"));
    line("    " + call("") + ";");
    stored.forEach(y -> line("    out" + y.substring(1) + "[i] = " + y + ";"));
    line("  }");
    line("}");
  }

  private void readPack(int i) {
    switch (chain.spread(i)) {
      case DENSE -> line("    Pack<T> x" + i + " = ((const Pack<T>*)in" + i + ")[p];");
      case ROW -> line("    Pack<T> x" + i + " = rowPack(in" + i + ", every" + i + ", p);");
      case COLUMN -> line("    Pack<T> x" + i + " = columnPack(in" + i + ", every" + i + ", p);");
      default -> {}
    }
  }

  private void readElement(int i) {
    switch (chain.spread(i)) {
      case DENSE -> line("    T x" + i + " = in" + i + "[i];");
      case ROW -> line("    T x" + i + " = in" + i + "[remainder(i, every" + i + ")];");
      case COLUMN -> line("    T x" + i + " = in" + i + "[quotient(i, every" + i + ")];");
      default -> {}
    }
  }

  private String call(String lane) {
    StringJoiner arguments = new StringJoiner(", ", "element(", ")");
    forEachInput(i -> arguments.add("x" + i + (chain.spread(i) == Spread.ONE ? "" : lane)));
    forEachScalar(arguments::add);
    stored.forEach(y -> arguments.add(y + lane));
    return arguments.toString();
  }

  private String functor(int j) {
    ElementFunction f = chain.function(j);
    StringJoiner values = new StringJoiner(", ", "{", "}");
    for (int k = 0; k < f.scalars(); k++) {
      values.add(scalarName(j, k));
    }
    return f.functor() + (f.id() == ElementFunction.FILL.id() ? "<T>" : "") + values;
  }

  private void forEachInput(IntConsumer sink) {
    for (int i = 0; i < chain.inputCount(); i++) {
      sink.accept(i);
    }
  }

  private void forEachScalar(Consumer<String> sink) {
    for (int j = 0; j < chain.size(); j++) {
      for (int k = 0; k < chain.function(j).scalars(); k++) {
        sink.accept(scalarName(j, k));
      }
    }
  }

  private static String scalarName(int operation, int k) {
    return "s" + operation + "_" + k;
  }

  private void line(String s) {
    text.append(s).append('\n');
  }
}
