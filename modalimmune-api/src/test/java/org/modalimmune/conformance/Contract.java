package org.modalimmune.conformance;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import org.modalimmune.backend.Backend;
import org.modalimmune.backend.BackendOptions;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** What all contracts share: the backend under test, and the shapes and layouts to try. */
// the generators give edge cases their share themselves
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
public abstract class Contract {
  private Optional<Backend> opened = Optional.empty();

  /** For subclasses. */
  protected Contract() {}

  /** Opens the backend under test; it is closed after each property. */
  protected abstract Backend open(BackendOptions options);

  /** Options of the backend under test; two threads unless overridden. */
  protected BackendOptions options() {
    return BackendOptions.ofThreads(2);
  }

  /** The backend under test. */
  protected final Backend backend() {
    if (opened.isEmpty()) {
      opened = Optional.of(open(options()));
    }
    return opened.get();
  }

  /** A trial on the backend under test. */
  protected final Trial trial(DType dtype, long seed) {
    return new Trial(backend(), dtype, seed);
  }

  @AfterProperty
  final void closeBackend() {
    opened.ifPresent(Backend::close);
    opened = Optional.empty();
  }

  /** Layouts of operands. */
  @Provide
  protected Arbitrary<Layout> operands() {
    return Arbitraries.of(Layout.class);
  }

  /** Layouts of results: nothing expanded. */
  @Provide
  protected Arbitrary<Layout> results() {
    return Arbitraries.of(Layout.class).filter(l -> l != Layout.EXPANDED);
  }

  /** Ragged tails around all vector widths, primes, empty axes, many axes. */
  @Provide
  protected Arbitrary<Shape> shapes() {
    Arbitrary<Shape> vectors = lengths().map(n -> Shape.of(n));
    Arbitrary<Shape> matrices = sizes(0, 71).array(long[].class).ofSize(2).map(Shape::of);
    Arbitrary<Shape> cubes = sizes(0, 19).array(long[].class).ofSize(3).map(Shape::of);
    Arbitrary<Shape> deep =
        sizes(0, 5).array(long[].class).ofMinSize(4).ofMaxSize(5).map(Shape::of);
    Arbitrary<Shape> tall =
        Arbitraries.of(Shape.of(1009, 3), Shape.of(3, 1009), Shape.of(4099), Shape.of(257, 2, 5));
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.just(Shape.of())),
        Tuple.of(6, vectors),
        Tuple.of(6, matrices),
        Tuple.of(3, cubes),
        Tuple.of(2, deep),
        Tuple.of(1, tall));
  }

  /** Shapes with rows: rank 1 or more, the last axis not empty. */
  @Provide
  protected Arbitrary<Shape> rows() {
    return shapes().filter(s -> s.rank() > 0 && s.dim(-1) > 0);
  }

  /** Lengths from 0 to 70, each as likely, and a few longer ones. */
  @Provide
  protected Arbitrary<Long> lengths() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            8, Arbitraries.longs().between(0, 70).withDistribution(RandomDistribution.uniform())),
        Tuple.of(1, Arbitraries.of(127L, 255L, 257L, 1009L, 2047L)));
  }

  private static Arbitrary<Long> sizes(long least, long most) {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of(0L, 1L).filter(n -> n >= least)),
        Tuple.of(
            5,
            Arbitraries.longs()
                .between(Math.max(1, least), most)
                .withDistribution(RandomDistribution.uniform())));
  }
}
