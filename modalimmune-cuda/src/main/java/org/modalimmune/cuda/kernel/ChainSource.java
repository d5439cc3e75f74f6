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
 * packs of four and to what is left. Parameters: number of elements, inputs, stored outputs,
 * scalars.
 */
final class ChainSource {
  /** The kernel's name. */
  static final String ENTRY = "chain";

  private final Chain chain;
  private final List<String> dense = new ArrayList<>();
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
    for (int i = 0; i < chain.inputCount(); i++) {
      if (!chain.isUniform(i)) {
        dense.add("x" + i);
      }
    }
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
    forEachInput(i -> parameters.add("const T* in" + i));
    stored.forEach(y -> parameters.add("T* out" + y.substring(1)));
    forEachScalar(s -> parameters.add("T " + s));
    line(parameters.toString());
    for (int i = 0; i < chain.inputCount(); i++) {
      if (chain.isUniform(i)) {
        line("  T x" + i + " = *in" + i + ";");
      }
    }
    StringJoiner aligned = new StringJoiner(" && ");
    dense.forEach(x -> aligned.add("aligned(in" + x.substring(1) + ")"));
    stored.forEach(y -> aligned.add("aligned(out" + y.substring(1) + ")"));
    line("  long long packs = " + aligned + " ? n / LANES : 0;");
    line("  for (long long p = firstIndex(); p < packs; p += gridThreads()) {");
    for (String x : dense) {
      line("    Pack<T> " + x + " = ((const Pack<T>*)in" + x.substring(1) + ")[p];");
    }
    stored.forEach(y -> line("    Pack<T> " + y + ";"));
    line("#pragma unroll");
    line("    for (int l = 0; l < LANES; l++) {");
    line("      " + call(".lane[l]") + ";");
    line("    }");
    stored.forEach(y -> line("    ((Pack<T>*)out" + y.substring(1) + ")[p] = " + y + ";"));
    line("  }");
    line("  for (long long i = packs * LANES + firstIndex(); i < n; i += gridThreads()) {");
    for (String x : dense) {
      line("    T " + x + " = in" + x.substring(1) + "[i];");
    }
    stored.forEach(y -> line("    T " + y + ";"));
    line("    " + call("") + ";");
    stored.forEach(y -> line("    out" + y.substring(1) + "[i] = " + y + ";"));
    line("  }");
    line("}");
  }

  private String call(String lane) {
    StringJoiner arguments = new StringJoiner(", ", "element(", ")");
    forEachInput(i -> arguments.add("x" + i + (chain.isUniform(i) ? "" : lane)));
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
