package org.modalimmune.conformance;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** Rows gathered and scattered: repeated, missing and no indices. */
public abstract class IndexingContract extends Contract {
  /** For subclasses. */
  protected IndexingContract() {}

  @Property(tries = 150)
  void gatherRows(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll @IntRange(max = 70) int drawn,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    Shape source = shape.rank() == 0 ? Shape.of(5) : shape;
    try (Trial t = trial(dtype, seed)) {
      int[] rows = indices(t, source.dim(0) == 0 ? 0 : drawn, (int) source.dim(0));
      Placement x = t.operand(source, in, Sampler.ANY);
      Placement y = t.result(source.with(0, rows.length), out);
      t.kernels().indexing().gatherRows(x.view(), rows, y.view());
      int width = width(source);
      t.expect(
          "gatherRows " + Arrays.toString(rows),
          y,
          i -> Bounded.exactly(x.value(rows[i / width] * width + i % width)));
    }
  }

  @Property(tries = 150)
  void scatterAddRows(
      @ForAll DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll @IntRange(max = 40) int count,
      @ForAll("operands") Layout in,
      @ForAll("results") Layout out,
      @ForAll long seed) {
    Shape source = shape.rank() == 0 ? Shape.of(5) : shape;
    int targets = Math.max(count, source.dim(0) == 0 ? 0 : 1);
    try (Trial t = trial(dtype, seed)) {
      int[] rows = indices(t, (int) source.dim(0), targets);
      Sampler sampler = t.random().nextInt(4) == 0 ? Sampler.TIES : Sampler.NORMAL;
      Placement x = t.operand(source, in, sampler);
      Placement y = t.result(source.with(0, targets), out);
      t.kernels().indexing().scatterAddRows(x.view(), rows, y.view());
      Bounded[] expected = scattered(x, rows, y.elements(), dtype);
      t.expect("scatterAddRows " + Arrays.toString(rows), y, i -> expected[i]);
    }
  }

  private static Bounded[] scattered(Placement x, int[] rows, int elements, DType dtype) {
    int width = width(x.view().shape());
    DoubleDouble.Sum[] sums = new DoubleDouble.Sum[elements];
    Arrays.setAll(sums, i -> new DoubleDouble.Sum());
    double[] plain = new double[elements];
    double[] magnitude = new double[elements];
    int[] terms = new int[elements];
    for (int i = 0; i < x.elements(); i++) {
      int to = rows[i / width] * width + i % width;
      sums[to].add(x.value(i));
      plain[to] += x.value(i);
      magnitude[to] += Math.abs(x.value(i));
      terms[to]++;
    }
    Bounded[] out = new Bounded[elements];
    Arrays.setAll(
        out,
        i ->
            Double.isFinite(plain[i])
                ? Bounded.within(sums[i].value(), Tolerances.scatter(terms[i], magnitude[i], dtype))
                : Bounded.exactly(plain[i]));
    return out;
  }

  private static int width(Shape shape) {
    return Math.toIntExact(Math.max(1, shape.without(0).elements()));
  }

  private static int[] indices(Trial t, int count, int bound) {
    return t.random().ints(count, 0, Math.max(1, bound)).toArray();
  }
}
